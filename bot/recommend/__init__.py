"""Feature: recommend."""
