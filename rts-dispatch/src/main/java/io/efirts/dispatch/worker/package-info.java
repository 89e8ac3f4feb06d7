// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The worker: one platform thread that takes published calls off the ring and makes them.
 *
 * <p>Place in the data path: between the ring and the gate. It is the only thread that makes queued
 * calls; non-blocking calls and reset are made on their callers' threads, through the same gate.
 */
package io.efirts.dispatch.worker;
