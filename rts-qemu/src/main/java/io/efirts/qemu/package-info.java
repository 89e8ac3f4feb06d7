// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors

/**
 * Real UEFI firmware as a {@link io.efirts.api.spi.Firmware}: OVMF or AAVMF in a QEMU machine.
 *
 * <p>Place in the data path: behind {@link io.efirts.api.spi.Firmware#call}. Page tables, contexts,
 * call frames and the plan of virtual addresses are those of {@link io.efirts.x86} and {@link
 * io.efirts.arm64}.
 *
 * <pre>
 *  io.efirts.qemu            a guest: machine, agent, firmware, host
 *  io.efirts.qemu.call       a call: entry, convention, fault        x86, arm64
 *  io.efirts.qemu.agent      requests by way of shared memory
 *  io.efirts.qemu.machine    the QEMU process
 * </pre>
 */
package io.efirts.qemu;
