// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.fault;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spi.CrashEntry;
import io.efirts.api.spi.Firmware;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A behaviour that breaks once: at the n-th call that reaches it. For the n-th call of a service,
 * or around a whole firmware. {@link io.efirts.testkit.ScriptedFirmware#onCall} counts all calls.
 *
 * <p>Safe for any thread; adds neither locks nor allocation.
 */
public final class NthCall implements Firmware {
  private final AtomicLong calls = new AtomicLong();
  private final long number;
  private final Firmware fault;
  private final Firmware otherwise;

  /**
   * A behaviour and its fault.
   *
   * @param number which call, from 1
   * @param fault makes that call
   * @param otherwise makes all others; its crash entry is this one's
   * @throws IllegalArgumentException if the number is less than 1
   */
  public NthCall(long number, Firmware fault, Firmware otherwise) {
    if (number < 1) {
      throw new IllegalArgumentException("number must be at least 1: number=" + number);
    }
    this.number = number;
    this.fault = Objects.requireNonNull(fault, "fault");
    this.otherwise = Objects.requireNonNull(otherwise, "otherwise");
  }

  @Override
  public long call(CallFrame frame) {
    return (calls.incrementAndGet() == number ? fault : otherwise).call(frame);
  }

  @Override
  public CrashEntry crashEntry() {
    return otherwise.crashEntry();
  }
}
