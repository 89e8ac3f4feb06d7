// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Test doubles and contract tests for embedders.
 *
 * <p>Place in the data path: both ends of it. {@link io.efirts.testkit.ScriptedFirmware} and {@link
 * io.efirts.testkit.FirmwareHold} stand at the far end, where they answer, count and delay calls;
 * {@link io.efirts.testkit.FirmwareCaller} stands in for the whole path when a firmware is tested
 * by itself. Beside it, {@link io.efirts.testkit.VirtualClock} is the time a test decides, and
 * {@link io.efirts.testkit.StopPoint} a place where a test stops threads. The contracts are
 * extended by the tests of an implementation:
 *
 * <ul>
 *   <li>{@link io.efirts.testkit.DispatcherContract}: what callers may rely on
 *   <li>{@link io.efirts.testkit.FirmwareContract}: what UEFI says about variables and time
 *   <li>{@link io.efirts.testkit.VariableContract}: its part about variables
 *   <li>{@link io.efirts.testkit.AddressSpaceContract}: mapping and translation
 * </ul>
 *
 * <p>What can go wrong on the way has packages of its own: {@code fault} breaks the firmware,
 * {@code machine} the registers, {@code step} stops or kills a thread between two state changes,
 * and {@code lockstep} decides the order in which threads run.
 */
package io.efirts.testkit;
