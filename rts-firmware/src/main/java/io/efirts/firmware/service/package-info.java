// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The runtime services, one class per group.
 *
 * <p>Place in the data path: each method gets a {@link io.efirts.api.call.CallFrame}, reads its
 * arguments out of guest memory once, checks them in EDK2's order, and returns the EFI_STATUS word.
 * Not exported.
 *
 * <p>All of it runs on the thread that is inside the firmware and allocates nothing per call.
 */
package io.efirts.firmware.service;
