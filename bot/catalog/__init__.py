"""Feature: catalog."""
