// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * A firmware in guest memory, reached through the page tables of whoever calls it. Not exported.
 *
 * <p>Place in the data path: around the services, which do not know of it. In front of a service
 * {@link io.efirts.firmware.placed.FirmwareBody} goes to its code and reads the firmware's
 * pointers; below, the stores come through a {@link io.efirts.firmware.placed.PageWindow} to every
 * byte.
 *
 * <pre>
 * call ─ FirmwareBody.enter ── code, globals
 *          services ── VariableStore ─┬─ read ─► mirror (PageWindow)
 *                                     └─ write ─► WriteThroughStorage ─► PlacedFlash ─► lease, mirror
 * crash ─ CrashBody.enter ── code
 *          services ── VariableStore ── read, write ─► PlacedFlash ─► the crash's lease
 * </pre>
 *
 * <p>So what a host forgets to map faults where and when it would on real firmware, in those
 * services that touch it. Removed from the caller's tables, a part takes with it:
 *
 * <table>
 *   <caption>which services fault</caption>
 *   <tr><th>part</th><th>services</th></tr>
 *   <tr><td>variable driver's code</td><td>all but GetTime and the wake-up alarm's</td></tr>
 *   <tr><td>time driver's code</td><td>GetTime, SetTime, the wake-up alarm's</td></tr>
 *   <tr><td>flash driver's code, flash registers</td>
 *       <td>what changes a non-volatile variable: SetVariable, GetNextHighMonotonicCount, SetTime
 *       with another zone</td></tr>
 *   <tr><td>globals, mirror</td><td>variables, GetNextHighMonotonicCount, SetTime</td></tr>
 *   <tr><td>clock registers</td><td>GetTime, SetTime</td></tr>
 * </table>
 */
package io.efirts.firmware.placed;
