"""The language server: findings, reasons and fixes in an editor. Only `printlint server` imports it, and pygls."""
