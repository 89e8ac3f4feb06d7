// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors

/**
 * An arm64 guest: its processor behind {@link io.efirts.arm64.vcpu.Arm64Vcpu}, and how calls and
 * exceptions look on it.
 *
 * <p>Place in the data path: the registers that {@link io.efirts.arm64.context} sets lie in the
 * mailbox, from where {@link io.efirts.qemu.agent} has them loaded.
 */
package io.efirts.qemu.arm64;
