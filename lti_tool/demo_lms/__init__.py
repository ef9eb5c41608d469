"""A small but honest LTI 1.3 platform for the demo and for tests.

A stranger to the tool: it imports nothing of ours, so it tests the contract (LTI 1.3 Core, Names and Roles 2.0,
Assignment and Grade Services 2.0, Dynamic Registration 1.0) and not our code. Where the specifications leave room it
behaves as Moodle 4.5 was seen to behave. With a dialect it has the ways of one LMS instead: `habits` names what LMSs do
differently, `dialects` and `vendor_dialects` say what each does, and the other modules ask. State lives in memory and
is gone when the program stops.
"""
