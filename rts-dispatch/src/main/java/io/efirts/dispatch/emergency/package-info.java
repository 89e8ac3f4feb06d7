// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * What a panicking thread gets when it takes the firmware over.
 *
 * <p>Place in the data path: past the ring and past whoever has the gate, on the crash path only.
 */
package io.efirts.dispatch.emergency;
