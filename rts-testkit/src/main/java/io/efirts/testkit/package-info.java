// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Test doubles and contract tests for embedders.
 *
 * <p>Place in the data path: both ends of it. {@link io.efirts.testkit.ScriptedFirmware} and {@link
 * io.efirts.testkit.FirmwareHold} stand at the far end, where they answer, count and delay calls;
 * {@link io.efirts.testkit.FirmwareCaller} stands in for the whole path when a firmware is tested
 * by itself. The contracts are extended by the tests of an implementation:
 *
 * <ul>
 *   <li>{@link io.efirts.testkit.DispatcherContract}: what callers may rely on
 *   <li>{@link io.efirts.testkit.FirmwareContract}: what UEFI says about variables and time
 *   <li>{@link io.efirts.testkit.AddressSpaceContract}: mapping and translation
 * </ul>
 */
package io.efirts.testkit;
