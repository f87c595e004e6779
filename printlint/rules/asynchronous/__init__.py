"""Logging in asynchronous code: PRT401 to PRT404."""
