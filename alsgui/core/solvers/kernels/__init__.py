"""Compiled loops. All release the GIL, write only their own rows, and add up in one fixed order.

They are cached on disk by numba, which looks at the file of a kernel alone, not at the kernels it calls from other
files: `warm` therefore empties the cache whenever any file of this package has changed.
"""
