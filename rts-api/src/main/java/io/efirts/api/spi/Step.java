// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spi;

/**
 * The state changes of gate, call and deferred lane, each one a place where a thread can be stopped
 * between two atomic operations. What a {@link StepHook} is told.
 */
public enum Step {
  /** The gate was acquired and the firmware not entered yet. */
  GATE_HELD,
  /** The gate's owner is inside. */
  GATE_ENTERED,
  /** The owner is outside again and still has the gate. */
  GATE_EXITED,
  /** The gate was given back. */
  GATE_RELEASED,
  /** The worker, or a reset, announced that it waits for the gate. */
  GATE_AWAITED,
  /** The owner was given up on. */
  GATE_WEDGED,
  /** The gate was taken from its owner. */
  GATE_SEIZED,
  /** A fault marked the firmware as damaged. */
  GATE_DAMAGED,
  /** The mode changed. */
  MODE_CHANGED,
  /** The call is queued and not in the ring yet. */
  CALL_QUEUED,
  /** The call found no room in the ring and is its caller's again. */
  CALL_UNQUEUED,
  /** The call is in the ring; its publisher has not looked at the mode yet. */
  CALL_PUBLISHED,
  /** The worker claimed the call. */
  CALL_CLAIMED,
  /** The worker wrote the result and has not published it. */
  CALL_RESULT_WRITTEN,
  /** The result was published; the caller was not woken yet. */
  CALL_DONE,
  /** The call was cancelled. */
  CALL_CANCELLED,
  /** The call was abandoned. */
  CALL_ABANDONED,
  /** The caller of an abandoned call left. */
  CALL_COLLECTED,
  /** The worker came back from an abandoned call. */
  CALL_RETURNED,
  /** The call is idle again, in its next generation, and not in the pool yet. */
  CALL_RENEWED,
  /** A crash record's writer has the right to compose a dump. */
  DUMP_LOCKED,
  /** A slot of the deferred lane was claimed and holds no record yet. */
  LANE_CLAIMED,
  /** A slot holds a record that waits to be written. */
  LANE_READY,
  /** Somebody writes a slot's record. */
  LANE_WRITING,
  /** Firmware has answered; the slot is not free yet. */
  LANE_WRITTEN,
  /** A slot was given up before it held a record. */
  LANE_TORN,
  /** A slot is free again. */
  LANE_FREED
}
