"""Feature: activity."""
