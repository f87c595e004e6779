"""PRT4: logging in asynchronous code."""
