// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The whole dispatcher held against a store for one thread: whatever its callers do at the same
 * time, each gets an answer as if they had come one after the other.
 */
package io.efirts.dispatch.linearizability;
