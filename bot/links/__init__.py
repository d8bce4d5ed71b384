"""Feature: links."""
