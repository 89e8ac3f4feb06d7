// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The gate: one 64-bit word that decides who may be in the firmware, and whether anybody may.
 *
 * <p>Place in the data path: before the firmware context; the worker claims a call only with the
 * gate in hand. The worker, the non-blocking path and reset all pass the same gate, so at most one
 * of them is inside.
 *
 * <pre>
 *        acquire            enter              release
 *  FREE ---------> HELD ---------> ENTERED ------------> FREE
 *    \_______________________________^
 *       the worker does both in one step, since nothing lies between
 * </pre>
 *
 * <p>Every acquisition and every change of mode is a compare-and-set on the same word, so no call
 * slips in between a look at the mode and an entry.
 */
package io.efirts.dispatch.gate;
