// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors

/**
 * The program in the guest that makes the calls, as its host sees it: the memory they share, what
 * the program says of the machine, and requests.
 *
 * <p>Place in the data path: between {@link io.efirts.qemu} and {@link io.efirts.qemu.machine}. The
 * program's sources are in {@code src/main/agent}; it has no policy of its own.
 */
package io.efirts.qemu.agent;
