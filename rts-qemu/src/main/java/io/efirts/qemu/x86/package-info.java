// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors

/**
 * An x86-64 guest: its processor behind {@link io.efirts.x86.vcpu.X86Vcpu}, and how calls and
 * exceptions look on it.
 *
 * <p>Place in the data path: the registers that {@link io.efirts.x86.context} sets lie in the
 * mailbox, from where {@link io.efirts.qemu.agent} has them loaded.
 */
package io.efirts.qemu.x86;
