// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Argument packing: how a call becomes a work item and a work item becomes a call again.
 *
 * <p>Place in the data path:
 *
 * <pre>{@code
 * RuntimeServices.getVariable(..)        caller thread
 *        |  VariableCalls.pack...        pointers as they are, values into their cells
 *        v
 * RuntimeCall  (CallLayout bytes in CallMemory)  -- ring -->  worker thread
 *                                                   |  CallFrame.load
 *                                                   v
 *                                               Firmware.call(frame)
 * }</pre>
 *
 * <p>Both ends work from the same {@link io.efirts.api.spec.ServiceSignature}. A work item and its
 * buffers belong to the dispatcher and are lent to one caller at a time; firmware only ever sees
 * addresses inside the item or, for ABI calls, inside memory the embedder owns.
 *
 * <p>Nothing here is thread-safe by itself: the dispatcher hands an item from thread to thread and
 * orders the accesses.
 */
package io.efirts.api.call;
