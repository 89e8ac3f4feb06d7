// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Crash records: a log that reaches non-volatile storage although the firmware is busy, its caller
 * was stopped, or the heap is exhausted.
 *
 * <p>Place in the data path: above the dispatcher's non-blocking services and its emergency.
 *
 * <pre>
 *  Pstore.dump(..) ──► lock ──► DumpWriter ──► non-blocking SetVariable ──► firmware     write
 *                     log, codec, format                `- busy ──► DeferredLane          lane
 *  housekeeping, reboot hook ------------------- queued SetVariable ◄--'                 work
 *  Pstore.panic(..) ──► Emergency ──► DumpWriter of its own, then the lane ──► reset     panic
 *  records written ──► announcements, later, elsewhere                                   announce
 *  CrashRecordReader ◄-- variables of the store                                          read
 * </pre>
 */
package io.efirts.pstore;
