// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Firmware;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A firmware that answers as it is told, EFI_SUCCESS where it is told nothing, and watches how it
 * is entered.
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
  private volatile Vendors vendors = new Vendors(new long[0], new Firmware[0]);
  private volatile ArrayBlockingQueue<RecordedCall> recording;

  /** A firmware that answers every call with EFI_SUCCESS. */
  public ScriptedFirmware() {
    for (int i = 0; i < RuntimeService.COUNT; i++) {
      services.set(i, SUCCESS);
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
    ArrayBlockingQueue<RecordedCall> calls = recording;
    if (calls == null) {
      throw new IllegalStateException("recording must have been started: recording=null");
    }
    return List.copyOf(calls);
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
      entries.incrementAndGet();
      ArrayBlockingQueue<RecordedCall> calls = recording;
      if (calls != null) {
        calls.offer(RecordedCall.of(frame));
      }
      return behaviour(frame).call(frame);
    } finally {
      inside.decrementAndGet();
    }
  }

  private Firmware behaviour(CallFrame frame) {
    return frame.service() == null
        ? vendors.behaviour(frame.vendorEntryPoint())
        : services.get(frame.service().ordinal());
  }

  /**
   * Vendor entries and their behaviours, never changed; a map would box every entry it looks up.
   */
  private record Vendors(long[] entryPoints, Firmware[] behaviours) {
    Vendors with(long entryPoint, Firmware behaviour) {
      int index = indexOf(entryPoint);
      int length = entryPoints.length;
      boolean known = index < length;
      long[] points = Arrays.copyOf(entryPoints, known ? length : length + 1);
      Firmware[] answers = Arrays.copyOf(behaviours, points.length);
      points[index] = entryPoint;
      answers[index] = behaviour;
      return new Vendors(points, answers);
    }

    Firmware behaviour(long entryPoint) {
      int index = indexOf(entryPoint);
      return index < entryPoints.length ? behaviours[index] : SUCCESS;
    }

    private int indexOf(long entryPoint) {
      int index = 0;
      while (index < entryPoints.length && entryPoints[index] != entryPoint) {
        index++;
      }
      return index;
    }
  }
}
