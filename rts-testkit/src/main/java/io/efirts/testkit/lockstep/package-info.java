// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * A deterministic scheduler: threads that run one at a time, in an order that a seed decides.
 *
 * <p>Place in the data path: in place of the operating system. {@link
 * io.efirts.testkit.lockstep.Lockstep} runs a script of actors under one seed or many; what went
 * wrong under a seed goes wrong again under the same seed.
 *
 * <pre>{@code
 * Lockstep.runAll(1, 8000, scheduler -> {
 *   AtomicBoolean released = new AtomicBoolean();
 *   ScriptedFirmware firmware = new ScriptedFirmware()
 *       .on(GET_TIME, frame -> {
 *         scheduler.awaitUntil("firmware released", released::get);   // hangs
 *         return 0;
 *       });
 *   scheduler.actor("worker", () -> ...);
 *   scheduler.actor("releaser", () -> released.set(true));
 *   scheduler.invariant("one inside", () -> firmware.greatestInside() <= 1);
 *   scheduler.atEnd(() -> assertEquals(1, firmware.entries()));
 * });
 * }</pre>
 */
package io.efirts.testkit.lockstep;
