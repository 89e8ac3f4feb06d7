// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The x86 processor on which firmware runs: its registers as an interface, and a model of them.
 *
 * <p>Place in the data path: below the firmware context ({@link io.efirts.x86.context}), which
 * saves, sets and repairs what a call must find, and below the calling conventions ({@link
 * io.efirts.x86.abi}), which put a call into registers. A hypervisor implements {@link
 * io.efirts.x86.vcpu.X86Vcpu} over its own virtual processor; {@link
 * io.efirts.x86.vcpu.ModelX86Vcpu} serves where firmware is Java code.
 */
package io.efirts.x86.vcpu;
