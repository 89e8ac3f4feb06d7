// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareFactory;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;

/**
 * How a dispatcher is to be. Not thread-safe; {@link #start} may be called more than once, each
 * call making an independent dispatcher.
 */
public final class DispatcherBuilder {
  private static final int MAXIMUM_CALLS = 4096;
  private static final int MINIMUM_BUFFER_BYTES = 1024;
  private static final int MAXIMUM_BUFFER_BYTES = 16 << 20;

  private FirmwareFactory factory;
  private Firmware flatFirmware;
  private int calls = 32;
  private int bufferBytes = 66 * 1024;
  private ThreadFactory threads = Thread.ofPlatform().name("efi-rts").daemon(true).factory();
  private InterruptControl interrupts = InterruptControl.NONE;
  private Duration closeWait = Duration.ofSeconds(10);
  private Duration resetWait = Duration.ofSeconds(1);

  /** A builder with the defaults. */
  DispatcherBuilder() {}

  /**
   * A firmware that needs no page tables: it is called in a flat context of its own.
   *
   * @param firmware answers the calls
   * @return this builder
   */
  public DispatcherBuilder firmware(Firmware firmware) {
    this.flatFirmware = Objects.requireNonNull(firmware, "firmware");
    this.factory = null;
    return this;
  }

  /**
   * A firmware with its own context.
   *
   * @param factory makes the instance when the dispatcher starts
   * @return this builder
   */
  public DispatcherBuilder firmware(FirmwareFactory factory) {
    this.factory = Objects.requireNonNull(factory, "factory");
    this.flatFirmware = null;
    return this;
  }

  /**
   * How many calls can be in the dispatcher at a time; further callers wait. Default 32.
   *
   * @param calls 1 to 4096
   * @return this builder
   * @throws IllegalArgumentException if out of range
   */
  public DispatcherBuilder calls(int calls) {
    this.calls = within(calls, 1, MAXIMUM_CALLS, "calls");
    return this;
  }

  /**
   * How much room each call has for its name and data together. Default 67584, which holds a 64 KiB
   * value and a 1 KiB name.
   *
   * @param bufferBytes 1024 to 16777216; rounded up so that work items fill whole pages
   * @return this builder
   * @throws IllegalArgumentException if out of range
   */
  public DispatcherBuilder bufferBytes(int bufferBytes) {
    this.bufferBytes =
        within(bufferBytes, MINIMUM_BUFFER_BYTES, MAXIMUM_BUFFER_BYTES, "bufferBytes");
    return this;
  }

  /**
   * Makes the worker's thread: name, priority, affinity. Default a daemon thread named "efi-rts".
   *
   * @param threads makes platform threads
   * @return this builder
   */
  public DispatcherBuilder threads(ThreadFactory threads) {
    this.threads = Objects.requireNonNull(threads, "threads");
    return this;
  }

  /**
   * Defers the embedder's cooperative stops while a thread has the gate. Default none.
   *
   * @param interrupts the embedder's control
   * @return this builder
   */
  public DispatcherBuilder interrupts(InterruptControl interrupts) {
    this.interrupts = Objects.requireNonNull(interrupts, "interrupts");
    return this;
  }

  /**
   * How long {@link Dispatcher#close()} lets queued and running calls go on. Default 10 s.
   *
   * @param closeWait not negative
   * @return this builder
   * @throws IllegalArgumentException if negative
   */
  public DispatcherBuilder closeWait(Duration closeWait) {
    this.closeWait = Dispatcher.requireNotNegative(closeWait, "closeWait");
    return this;
  }

  /**
   * How long ResetSystem waits for a call that is inside the firmware. Default 1 s.
   *
   * @param resetWait not negative
   * @return this builder
   * @throws IllegalArgumentException if negative
   */
  public DispatcherBuilder resetWait(Duration resetWait) {
    this.resetWait = Dispatcher.requireNotNegative(resetWait, "resetWait");
    return this;
  }

  /**
   * Makes the firmware instance and starts the worker.
   *
   * @return an open dispatcher
   * @throws IllegalStateException if no firmware was given
   * @throws IllegalArgumentException if the context cannot lend enough memory for the work items
   */
  public Dispatcher start() {
    WorkItemPlan plan = new WorkItemPlan(calls, bufferBytes);
    return new Dispatcher(instance(plan), plan, threads, interrupts, closeWait, resetWait);
  }

  private FirmwareInstance instance(WorkItemPlan plan) {
    if (factory != null) {
      return Objects.requireNonNull(factory.create(), "instance made by the firmware factory");
    }
    if (flatFirmware == null) {
      throw new IllegalStateException("a dispatcher needs a firmware: firmware=null");
    }
    return new FirmwareInstance(flatFirmware, new FlatFirmwareContext(plan.totalBytes()));
  }

  private static int within(int value, int minimum, int maximum, String name) {
    if (value < minimum || value > maximum) {
      throw new IllegalArgumentException(
          name + " must be " + minimum + " to " + maximum + ": " + name + "=" + value);
    }
    return value;
  }
}
