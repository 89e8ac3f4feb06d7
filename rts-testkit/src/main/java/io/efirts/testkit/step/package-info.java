// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Hooks that stop, kill and record threads at a state change of gate, call or store.
 *
 * <p>Place in the data path: on every step of it. A {@link io.efirts.api.spi.StepHook} given to a
 * dispatcher is told of each {@link io.efirts.api.spi.Step} on the thread that made it; the hooks
 * here count the steps and act at a chosen {@link io.efirts.testkit.step.Occurrence}:
 *
 * <ul>
 *   <li>{@link io.efirts.testkit.step.StepStop}: the thread goes no further until it is released
 *   <li>{@link io.efirts.testkit.step.StepThrow}: an error is thrown there, for a worker's death
 *   <li>{@link io.efirts.testkit.step.StepLog}: what was done by which thread
 *   <li>{@link io.efirts.testkit.step.StepHooks}: several of them, also added while in use
 * </ul>
 *
 * <p>The changes of a variable store are the operations on its storage. {@link
 * io.efirts.testkit.step.SteppedStorage} stands in front of any storage and tells {@link
 * io.efirts.testkit.step.StorageHook}s of its {@link io.efirts.testkit.step.StorageStep}s: {@link
 * io.efirts.testkit.step.StorageStop} stops there, {@link io.efirts.testkit.step.StorageFault}
 * fails.
 */
package io.efirts.testkit.step;
