"""Recommend: what would this person like, and why?"""
