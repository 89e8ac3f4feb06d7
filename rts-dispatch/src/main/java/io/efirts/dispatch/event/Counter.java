// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.event;

/** What a dispatcher counts from its start on. */
public enum Counter {
  /** Queued calls that firmware answered. */
  QUEUED_CALLS,
  /** Non-blocking calls and resets that firmware answered. */
  DIRECT_CALLS,
  /** Non-blocking calls refused because the gate was taken. */
  BYPASS_BUSY,
  /** Calls in which firmware faulted. */
  FAULTS,
  /** Holds of the gate that were given up on. */
  WEDGES,
  /** Firmware taken from its owner, or from nobody after a fault, by a reset or an emergency. */
  SEIZES,
  /** Calls whose callers left while firmware was inside. */
  ABANDONED,
  /** Abandoned calls that came back later. */
  LATE_RETURNS,
  /** Firmware instances that replaced a disabled one. */
  REARMS,
  /** Attempts to re-arm that failed. */
  REARM_FAILURES,
  /** Things that firmware broke in its context and that were repaired. */
  CONTEXT_REPAIRS,
  /** Blocking calls refused because they would have waited where waiting is forbidden. */
  BLOCKING_REFUSED,
  /** Writes refused to keep the storage reserve. */
  RESERVE_REFUSED,
  /** Errors of the worker's own, outside firmware. */
  WORKER_ERRORS,
  /** Completion handlers, hooks and listeners that threw. */
  HANDLER_FAILURES,
  /** Events that found no room or no memory and were not reported. */
  EVENTS_DROPPED
}
