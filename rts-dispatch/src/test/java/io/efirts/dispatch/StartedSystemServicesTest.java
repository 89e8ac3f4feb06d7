// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.BooleanHolder;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiCapsuleHeader;
import io.efirts.api.spec.EfiTime;
import io.efirts.api.spec.EfiTimeCapabilities;
import io.efirts.api.spec.EfiTimeCapabilitiesHolder;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.testkit.FrameArguments;
import java.lang.foreign.MemorySegment;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The services of clock, memory and capsules can be started: arguments reach firmware, and results
 * the holders, at the poll that finds the call ended or before the handler is told.
 */
class StartedSystemServicesTest extends StartedServices {
  private static final EfiTime TIME = EfiTime.of(LocalDateTime.of(2031, 5, 6, 7, 8, 9));
  private static final EfiTimeCapabilities CAPABILITIES = new EfiTimeCapabilities(3, 4, true);

  private static void putTime(CallFrame frame, int index) {
    byte[] wire = new byte[EfiTime.SIZE_BYTES];
    TIME.write(MemorySegment.ofArray(wire), 0);
    FrameArguments.write(frame, index, wire);
  }

  private static void assertTime(CallFrame frame, int index) {
    byte[] wire = FrameArguments.bytes(frame, index, EfiTime.SIZE_BYTES);
    assertEquals(TIME, EfiTime.read(MemorySegment.ofArray(wire), 0));
  }

  @Test
  void getTime() throws InterruptedException {
    firmware.on(
        RuntimeService.GET_TIME,
        frame -> {
          putTime(frame, 0);
          byte[] wire = new byte[EfiTimeCapabilities.SIZE_BYTES];
          CAPABILITIES.write(MemorySegment.ofArray(wire), 0);
          FrameArguments.write(frame, 1, wire);
          return 0;
        });
    EfiTimeHolder time = new EfiTimeHolder();
    EfiTimeCapabilitiesHolder capabilities = new EfiTimeCapabilitiesHolder();
    bothStyles(
        call -> async.getTime(call, time, capabilities),
        () -> {
          assertEquals(TIME, time.toEfiTime());
          assertEquals(CAPABILITIES, capabilities.toEfiTimeCapabilities());
        });
  }

  @Test
  void setTime() throws InterruptedException {
    firmware.on(
        RuntimeService.SET_TIME,
        frame -> {
          assertTime(frame, 0);
          return 0;
        });
    bothStyles(call -> async.setTime(call, TIME), () -> {});
  }

  @Test
  void getWakeupTime() throws InterruptedException {
    firmware.on(
        RuntimeService.GET_WAKEUP_TIME,
        frame -> {
          FrameArguments.write(frame, 0, (byte) 1);
          FrameArguments.write(frame, 1, (byte) 1);
          putTime(frame, 2);
          return 0;
        });
    BooleanHolder enabled = new BooleanHolder();
    BooleanHolder pending = new BooleanHolder();
    EfiTimeHolder time = new EfiTimeHolder();
    bothStyles(
        call -> async.getWakeupTime(call, enabled, pending, time),
        () -> {
          assertTrue(enabled.value);
          assertTrue(pending.value);
          assertEquals(TIME, time.toEfiTime());
        });
  }

  @Test
  void setWakeupTime() throws InterruptedException {
    firmware.on(
        RuntimeService.SET_WAKEUP_TIME,
        frame -> {
          assertTime(frame, 1);
          return 0;
        });
    bothStyles(
        call -> async.setWakeupTime(call, true, TIME), () -> assertEquals(1, words().get(0)));
  }

  @Test
  void setVirtualAddressMap() throws InterruptedException {
    byte[] descriptors = {1, 2, 3, 4, 5, 6, 7, 8};
    firmware.on(
        RuntimeService.SET_VIRTUAL_ADDRESS_MAP,
        frame -> {
          assertArrayEquals(descriptors, FrameArguments.bytes(frame, 3, descriptors.length));
          return 0;
        });
    bothStyles(
        call -> async.setVirtualAddressMap(call, 4, 1, MemorySegment.ofArray(descriptors)),
        () -> assertEquals(List.of(8L, 4L, 1L), words().subList(0, 3)));
  }

  @Test
  void convertPointer() throws InterruptedException {
    firmware.on(
        RuntimeService.CONVERT_POINTER,
        frame -> {
          assertEquals(0x1000, frame.memory().getLong(frame.word(1)));
          frame.memory().putLong(frame.word(1), 0x2000);
          return 0;
        });
    LongHolder address = new LongHolder();
    bothStyles(
        call -> {
          address.value = 0x1000;
          return async.convertPointer(call, 9, address);
        },
        () -> {
          assertEquals(0x2000, address.value);
          assertEquals(9, words().get(0));
        });
  }

  @Test
  void getNextHighMonotonicCount() throws InterruptedException {
    firmware.on(
        RuntimeService.GET_NEXT_HIGH_MONOTONIC_COUNT,
        frame -> {
          frame.memory().putInt(frame.word(0), 42);
          return 0;
        });
    IntHolder count = new IntHolder();
    bothStyles(
        call -> async.getNextHighMonotonicCount(call, count), () -> assertEquals(42, count.value));
  }

  @Test
  void updateCapsule() throws InterruptedException {
    EfiCapsuleHeader header = new EfiCapsuleHeader(GUID, EfiCapsuleHeader.SIZE_BYTES, 0, 100);
    bothStyles(
        call -> async.updateCapsule(call, List.of(header), 0x5000),
        () -> assertEquals(List.of(1L, 0x5000L), words().subList(1, 3)));
  }

  @Test
  void queryCapsuleCapabilities() throws InterruptedException {
    firmware.on(
        RuntimeService.QUERY_CAPSULE_CAPABILITIES,
        frame -> {
          frame.memory().putLong(frame.word(2), 1 << 20);
          frame.memory().putInt(frame.word(3), 2);
          return 0;
        });
    EfiCapsuleHeader header = new EfiCapsuleHeader(GUID, EfiCapsuleHeader.SIZE_BYTES, 0, 100);
    LongHolder size = new LongHolder();
    IntHolder type = new IntHolder();
    bothStyles(
        call -> async.queryCapsuleCapabilities(call, List.of(header), size, type),
        () -> {
          assertEquals(1 << 20, size.value);
          assertEquals(2, type.value);
        });
  }
}
