// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.CrashEntry;
import io.efirts.api.spi.Firmware;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A firmware that answers as it is told, like another firmware or with EFI_SUCCESS where it is told
 * nothing, and watches how it is entered.
 *
 * <p>Unlike a real firmware it is thread-safe: it must see it when two threads are inside at once.
 * Nothing blocks beyond the behaviours themselves; a call allocates only while it is recorded.
 */
public final class ScriptedFirmware implements Firmware {
  private static final Firmware SUCCESS = frame -> EfiStatusCode.SUCCESS;

  private final AtomicReferenceArray<Firmware> services =
      new AtomicReferenceArray<>(RuntimeService.COUNT);
  private final AtomicLong entries = new AtomicLong();
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger greatestInside = new AtomicInteger();
  private final Firmware otherwise;
  private volatile BehaviourTable vendors = BehaviourTable.EMPTY;
  private volatile BehaviourTable calls = BehaviourTable.EMPTY;
  private volatile CrashEntry crashEntry;
  private volatile ArrayBlockingQueue<RecordedCall> recording;

  /** A firmware that answers every call with EFI_SUCCESS. */
  public ScriptedFirmware() {
    this(SUCCESS);
  }

  /**
   * A firmware that answers as another one until it is told otherwise: for faults in a firmware
   * that works.
   *
   * @param otherwise makes every call that nothing was said about; its crash entry is this one's
   */
  public ScriptedFirmware(Firmware otherwise) {
    this.otherwise = Objects.requireNonNull(otherwise, "otherwise");
    this.crashEntry = otherwise.crashEntry();
    for (int i = 0; i < RuntimeService.COUNT; i++) {
      services.set(i, otherwise);
    }
  }

  /**
   * Says how a service answers from now on.
   *
   * @param service the service
   * @param behaviour makes its calls; what it throws is thrown
   * @return this
   */
  public ScriptedFirmware on(RuntimeService service, Firmware behaviour) {
    services.set(service.ordinal(), Objects.requireNonNull(behaviour, "behaviour"));
    return this;
  }

  /**
   * Says how a vendor's entry answers from now on.
   *
   * @param entryPoint the entry's address
   * @param behaviour makes its calls
   * @return this
   */
  public synchronized ScriptedFirmware onVendor(long entryPoint, Firmware behaviour) {
    vendors = vendors.with(entryPoint, Objects.requireNonNull(behaviour, "behaviour"));
    return this;
  }

  /**
   * Says how one call is answered, whatever it calls. Comes before what was said about services and
   * vendors.
   *
   * @param number which call: 1 for the first since this firmware was made, {@link #entries()} + 1
   *     for the next
   * @param behaviour makes that call
   * @return this
   * @throws IllegalArgumentException if that call was already made
   */
  public synchronized ScriptedFirmware onCall(long number, Firmware behaviour) {
    if (number <= entries()) {
      throw new IllegalArgumentException(
          "call must not have been made yet: number=" + number + ", entries=" + entries());
    }
    calls = calls.with(number, Objects.requireNonNull(behaviour, "behaviour"));
    return this;
  }

  /**
   * Says how the way in for a crash answers. A dispatcher may ask for it once, when it starts.
   *
   * @param entry what {@link #crashEntry()} returns from now on, null for none
   * @return this
   */
  public ScriptedFirmware crashEntry(CrashEntry entry) {
    crashEntry = entry;
    return this;
  }

  @Override
  public CrashEntry crashEntry() {
    return crashEntry;
  }

  /**
   * Records every call from now on; forgets what was recorded before.
   *
   * @param capacity how many calls to keep, the first ones; further ones are not recorded
   * @return this
   */
  public ScriptedFirmware record(int capacity) {
    recording = new ArrayBlockingQueue<>(capacity);
    return this;
  }

  /**
   * The recorded calls in the order of their entry.
   *
   * @return a new list
   * @throws IllegalStateException if nothing is recorded
   */
  public List<RecordedCall> recorded() {
    ArrayBlockingQueue<RecordedCall> queue = recording;
    if (queue == null) {
      throw new IllegalStateException("recording must have been started: recording=null");
    }
    return List.copyOf(queue);
  }

  /**
   * How often this firmware was entered.
   *
   * @return number of calls, those still inside included
   */
  public long entries() {
    return entries.get();
  }

  /**
   * The greatest number of calls that were ever inside at the same time.
   *
   * @return 1 for any dispatcher that keeps its promise, 0 before the first call
   */
  public int greatestInside() {
    return greatestInside.get();
  }

  @Override
  public long call(CallFrame frame) {
    int now = inside.incrementAndGet();
    try {
      if (now > greatestInside.get()) {
        greatestInside.accumulateAndGet(now, Math::max);
      }
      long number = entries.incrementAndGet();
      ArrayBlockingQueue<RecordedCall> queue = recording;
      if (queue != null) {
        queue.offer(RecordedCall.of(frame));
      }
      return calls.get(number, behaviour(frame)).call(frame);
    } finally {
      inside.decrementAndGet();
    }
  }

  private Firmware behaviour(CallFrame frame) {
    return frame.service() == null
        ? vendors.get(frame.vendorEntryPoint(), otherwise)
        : services.get(frame.service().ordinal());
  }
}
