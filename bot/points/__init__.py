"""Feature: points."""
