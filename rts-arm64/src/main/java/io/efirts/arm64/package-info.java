// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The host of a firmware on arm64, put together.
 *
 * <p>Place in the data path: {@link io.efirts.arm64.EfiHost} makes, from firmware's memory map and
 * a piece of memory of the host's own, everything that a firmware instance consists of but the
 * firmware: the plan of virtual addresses, both address spaces and the contexts in them. The
 * packages below can be used without it.
 *
 * <pre>
 *  plan ──► space ──► context ──► FirmwareInstance
 *           paging    vcpu, abi
 * </pre>
 */
package io.efirts.arm64;
