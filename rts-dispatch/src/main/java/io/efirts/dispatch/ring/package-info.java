// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The ring between callers and the worker: LMAX Disruptor, many producers, one consumer.
 *
 * <pre>
 *  caller: pack, then  tryNext --> slot := (call, generation) --> publish
 *                                                                   |   fence, unpark if parked
 *                                                                   v
 *  worker:             wait until *published* (spin, then park) --> onEvent(slot)
 * </pre>
 *
 * <p>Between claiming a slot and publishing it lie plain stores only: a thread stopped there stops
 * everybody behind it. The worker waits for a published slot, not for a claimed one, so such a
 * thread cannot keep an idle worker spinning either.
 */
package io.efirts.dispatch.ring;
