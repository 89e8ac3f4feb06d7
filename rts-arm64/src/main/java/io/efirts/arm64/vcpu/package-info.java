// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The arm64 processor on which firmware runs, at EL1: its registers as an interface, and a model of
 * them.
 *
 * <p>Place in the data path: below the firmware context ({@link io.efirts.arm64.context}), which
 * saves, sets and repairs what a call must find, and below the calling convention ({@link
 * io.efirts.arm64.abi}), which puts a call into registers. A hypervisor implements {@link
 * io.efirts.arm64.vcpu.Arm64Vcpu} over its own virtual processor; {@link
 * io.efirts.arm64.vcpu.ModelArm64Vcpu} serves where firmware is Java code.
 *
 * <p>Sections are those of the Arm Architecture Reference Manual for A-profile (DDI 0487).
 */
package io.efirts.arm64.vcpu;
