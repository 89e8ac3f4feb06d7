// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.BooleanHolder;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.spec.EfiCapsuleHeader;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTime;
import io.efirts.api.spec.EfiTimeCapabilitiesHolder;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.Passing;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.ServiceParameter;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a caller passes reaches the firmware, and nothing else does. */
interface ArgumentPromises extends DispatcherFixture {
  /** All 64 bits of it matter. */
  long WORD = 0x8877_6655_4433_2200L;

  @Test
  default void everyServiceGetsTheWordsOfItsAbiCallCutToTheirWidths() {
    ScriptedFirmware firmware = new ScriptedFirmware().record(RuntimeService.COUNT);
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      for (RuntimeService service : resetLast()) {
        dispatcher.abi().call(service, WORD, WORD + 1, WORD + 2, WORD + 3, WORD + 4);
      }
    }
    List<RuntimeService> services = resetLast();
    for (int i = 0; i < services.size(); i++) {
      RuntimeService service = services.get(i);
      RecordedCall call = firmware.recorded().get(i);
      assertEquals(service, call.service());
      assertEquals(0, call.vendorEntryPoint());
      assertEquals(abiWords(service), call.words(), service.efiName());
    }
  }

  /** Once a reset has begun, not every service is passed on any more. */
  private static List<RuntimeService> resetLast() {
    List<RuntimeService> services = new ArrayList<>(List.of(RuntimeService.values()));
    services.remove(RuntimeService.RESET_SYSTEM);
    services.add(RuntimeService.RESET_SYSTEM);
    return services;
  }

  private static List<Long> abiWords(RuntimeService service) {
    List<Long> words = new ArrayList<>();
    for (ServiceParameter parameter : service.signature().parameters()) {
      long word = WORD + words.size();
      boolean whole = parameter.passing() == Passing.POINTER || parameter.widthBytes() == 8;
      words.add(whole ? word : word & (1L << 8 * parameter.widthBytes()) - 1);
    }
    return words;
  }

  @Test
  default void vendorEntriesGetAsManyWordsAsAreArguments() {
    ScriptedFirmware firmware = new ScriptedFirmware().record(7);
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      for (int count = 0; count <= 6; count++) {
        dispatcher.abi().callVendor(0xFFFF_8000_0000_1000L, count, -1, -2, -3, -4, -5, -6);
      }
    }
    List<Long> all = List.of(-1L, -2L, -3L, -4L, -5L, -6L);
    for (int count = 0; count <= 6; count++) {
      RecordedCall call = firmware.recorded().get(count);
      assertEquals(null, call.service());
      assertEquals(0xFFFF_8000_0000_1000L, call.vendorEntryPoint());
      assertEquals(all.subList(0, count), call.words());
    }
  }

  @Test
  default void pointersLeftOutArriveAsNull() {
    ScriptedFirmware firmware = new ScriptedFirmware().record(5);
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      dispatcher.typed().getTime(new EfiTimeHolder(), null);
      dispatcher.typed().setWakeupTime(false, null);
      dispatcher.typed().getVariable("n", VENDOR, null, new LongHolder(0), null);
      dispatcher.typed().setVariable("n", VENDOR, 0, 0, null);
      dispatcher.typed().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
    }
    List<RecordedCall> calls = firmware.recorded();
    assertEquals(0, calls.get(0).words().get(1));
    assertEquals(List.of(0L, 0L), calls.get(1).words());
    assertEquals(0, calls.get(2).words().get(2));
    assertEquals(0, calls.get(2).words().get(4));
    assertEquals(0, calls.get(3).words().get(4));
    assertEquals(List.of(0L, 0L, 0L, 0L), calls.get(4).words());
  }

  @Test
  default void timesArriveAsTheir16Bytes() {
    EfiTime time = new EfiTime(2025, 12, 31, 23, 59, 58, 999_999_999, -1440, 3);
    byte[] wire = new byte[EfiTime.SIZE_BYTES];
    time.write(MemorySegment.ofArray(wire), 0);
    List<byte[]> seen = new ArrayList<>();
    ScriptedFirmware firmware =
        new ScriptedFirmware()
            .on(RuntimeService.SET_TIME, frame -> keep(seen, FrameArguments.bytes(frame, 0, 16)))
            .on(
                RuntimeService.SET_WAKEUP_TIME,
                frame -> keep(seen, FrameArguments.bytes(frame, 1, 16)) + frame.word(0));
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      assertTrue(dispatcher.typed().setTime(time).isSuccess());
      assertEquals(EfiStatus.of(1), dispatcher.typed().setWakeupTime(true, time).status());
    }
    assertArrayEquals(wire, seen.get(0));
    assertArrayEquals(wire, seen.get(1));
  }

  private static long keep(List<byte[]> seen, byte[] bytes) {
    seen.add(bytes);
    return 0;
  }

  @Test
  default void variablesArriveWithNameNamespaceAttributesAndValue() {
    byte[] value = {1, 2, 3, 4, 5};
    ScriptedFirmware firmware =
        new ScriptedFirmware()
            .on(
                RuntimeService.SET_VARIABLE,
                frame -> {
                  assertEquals("Boot\uD83D\uDE00", FrameArguments.name(frame, 0));
                  assertEquals(VENDOR, FrameArguments.guid(frame, 1));
                  assertEquals(0xFFFF_FFFFL, frame.word(2));
                  assertEquals(4, frame.word(3));
                  assertArrayEquals(new byte[] {1, 2, 3, 4}, FrameArguments.bytes(frame, 4, 4));
                  return 0;
                });
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      MemorySegment data = MemorySegment.ofArray(value);
      assertTrue(
          dispatcher.typed().setVariable("Boot\uD83D\uDE00", VENDOR, -1, 4, data).isSuccess());
      assertTrue(
          dispatcher
              .nonBlocking()
              .setVariable("Boot\uD83D\uDE00", VENDOR, -1, 4, data)
              .isSuccess());
    }
    assertEquals(2, firmware.entries());
  }

  @Test
  default void firmwareNeverSeesTheCallersOwnBuffer() {
    byte[] value = {7, 7};
    ScriptedFirmware firmware =
        new ScriptedFirmware()
            .on(
                RuntimeService.SET_VARIABLE,
                frame -> {
                  FrameArguments.write(frame, 4, (byte) 0, (byte) 0);
                  return 0;
                });
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      assertTrue(
          dispatcher
              .typed()
              .setVariable("n", VENDOR, 7, 2, MemorySegment.ofArray(value))
              .isSuccess());
    }
    assertArrayEquals(new byte[] {7, 7}, value);
  }

  @Test
  default void theVirtualMapArrivesWithItsThreeNumbers() {
    byte[] map = new byte[96];
    map[95] = 42;
    ScriptedFirmware firmware =
        new ScriptedFirmware()
            .on(
                RuntimeService.SET_VIRTUAL_ADDRESS_MAP,
                frame -> {
                  assertEquals(96, frame.word(0));
                  assertEquals(48, frame.word(1));
                  assertEquals(1, frame.word(2));
                  // The map's address is physical; the flat test machines map identically.
                  assertArrayEquals(map, FrameArguments.bytes(frame, 3, 96));
                  return 0;
                });
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      assertTrue(
          dispatcher.typed().setVirtualAddressMap(48, 1, MemorySegment.ofArray(map)).isSuccess());
    }
  }

  @Test
  default void capsuleHeadersArriveAsAnArrayOfPointers() {
    List<EfiCapsuleHeader> headers =
        List.of(
            new EfiCapsuleHeader(VENDOR, 28, EfiCapsuleHeader.PERSIST_ACROSS_RESET, 4096),
            new EfiCapsuleHeader(new EfiGuid(1, 2), 32, 0, 8192));
    ScriptedFirmware firmware =
        new ScriptedFirmware()
            .on(
                RuntimeService.UPDATE_CAPSULE,
                frame -> {
                  assertEquals(2, frame.word(1));
                  assertEquals(0xABCD_0000_0000L, frame.word(2));
                  for (int i = 0; i < 2; i++) {
                    long pointer = frame.memory().getLong(frame.word(0) + 8L * i);
                    MemorySegment header = MemorySegment.ofArray(new byte[28]);
                    frame.memory().read(pointer, header, 0, 28);
                    assertEquals(headers.get(i), EfiCapsuleHeader.read(header, 0));
                  }
                  return 0;
                });
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      assertTrue(dispatcher.typed().updateCapsule(headers, 0xABCD_0000_0000L).isSuccess());
    }
  }

  @Test
  default void resetTypeReasonAndDataArrive() {
    byte[] data = {'x', 0, 0, 0};
    ScriptedFirmware firmware =
        new ScriptedFirmware()
            .on(
                RuntimeService.RESET_SYSTEM,
                frame -> {
                  assertEquals(ResetType.SHUTDOWN.code(), frame.word(0));
                  assertEquals(EfiStatus.DEVICE_ERROR.raw(), frame.word(1));
                  assertEquals(4, frame.word(2));
                  assertArrayEquals(data, FrameArguments.bytes(frame, 3, 4));
                  return 0;
                });
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      assertTrue(
          dispatcher
              .typed()
              .resetSystem(ResetType.SHUTDOWN, EfiStatus.DEVICE_ERROR, MemorySegment.ofArray(data))
              .isSuccess());
    }
  }

  @Test
  default void outputsStartAsZeroWhateverTheLastCallLeft() {
    ScriptedFirmware firmware =
        new ScriptedFirmware()
            .on(
                RuntimeService.SET_TIME,
                frame -> {
                  FrameArguments.write(frame, 0, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});
                  return 0;
                });
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      for (int i = 0; i < 64; i++) {
        dispatcher.typed().setTime(new EfiTime(2025, 1, 1, 0, 0, 0, 0, 0, 0));
        EfiTimeHolder time = new EfiTimeHolder();
        dispatcher.typed().getTime(time, new EfiTimeCapabilitiesHolder());
        assertEquals(0, time.year());
        IntHolder high = new IntHolder();
        dispatcher.typed().getNextHighMonotonicCount(high);
        assertEquals(0, high.value);
        BooleanHolder enabled = new BooleanHolder();
        dispatcher.typed().getWakeupTime(enabled, new BooleanHolder(), time);
        assertEquals(false, enabled.value);
      }
    }
  }
}
