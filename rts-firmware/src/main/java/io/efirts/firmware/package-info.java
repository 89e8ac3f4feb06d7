// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The reference firmware and what an embedder gives it.
 *
 * <p>Place in the data path: behind the dispatcher.
 *
 * <pre>
 * Firmware.call(frame) ─ ReferenceFirmware ─┬─ variable services ── VariableStore (NV, volatile)
 *                                           ├─ time services ────── RealTimeClock, variable RTC
 *                                           ├─ monotonic counter ── variable MTC
 *                                           ├─ reset ────────────── ResetHandler
 *                                           └─ virtual addressing ─ its place in guest memory
 * CrashEntry.call(frame) ─ the same services once more ──────────── CrashStore, clock, ResetHandler
 * </pre>
 *
 * <p>It answers as EDK2 does: the same order of checks, the same statuses, the same visibility
 * before and after ExitBootServices, the same bytes in the store. What a guest passes is read once,
 * through the address space of the call, and bounded before it is used; nothing it passes raises an
 * exception but the fault for an address it cannot reach.
 *
 * <p>It lies nowhere in guest memory, or in that of a {@link
 * io.efirts.firmware.machine.ReferenceMachine}: then its code, its variables and its registers are
 * reached through the caller's page tables, before and after SetVirtualAddressMap, and what is not
 * mapped faults.
 *
 * <p>Not offered, hence EFI_UNSUPPORTED: the wake-up alarm, capsules, authenticated writes, and
 * reclaim of a full store. A UINTN is 64 bits wide.
 */
package io.efirts.firmware;
