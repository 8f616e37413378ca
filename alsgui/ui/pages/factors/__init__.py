"""Factors: u, m and r as pictures and as numbers."""
