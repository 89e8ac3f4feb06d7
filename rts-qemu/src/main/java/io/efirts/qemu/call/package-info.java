// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors

/**
 * Calls of runtime services in the guest: which function, by which convention, and what an
 * exception means.
 *
 * <p>Place in the data path: where {@link io.efirts.api.spi.Firmware#call} ends, in front of the
 * agent. What differs between architectures is behind {@link io.efirts.qemu.call.GuestProcessor}.
 */
package io.efirts.qemu.call;
