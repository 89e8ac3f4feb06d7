// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.crash;

import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static io.efirts.firmware.FirmwareHarness.BS;
import static io.efirts.firmware.FirmwareHarness.NV;
import static io.efirts.firmware.FirmwareHarness.OUT;
import static io.efirts.firmware.FirmwareHarness.RT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTime;
import io.efirts.api.spec.ReentryTable;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which services the crash entry offers, and what they go by. */
class CrashServicesTest {
  private final NvImage image = NvImage.inMemory(NvLayout.OVMF_4M);
  private final List<ResetType> resets = new ArrayList<>();
  private final ReferenceFirmware firmware =
      ReferenceFirmware.builder(image)
          .resetHandler((type, status, data, dataBytes) -> resets.add(type))
          .build();
  private final FirmwareHarness owner = new FirmwareHarness(firmware);
  private final FirmwareHarness crash = new FirmwareHarness(firmware.crashEntry()::call);

  @Test
  void thereIsOneFromTheBeginning() {
    assertNotNull(firmware.crashEntry());
    assertSame(firmware.crashEntry(), firmware.crashEntry());
  }

  @Test
  void offersWhatMayBeCalledAfterAMachineCheckButCapsules() {
    Set<RuntimeService> unsupported = EnumSet.noneOf(RuntimeService.class);
    for (RuntimeService service : RuntimeService.values()) {
      long[] nulls = new long[service.signature().parameterCount()];
      if (EfiStatus.of(crash.call(service, nulls)).equals(EfiStatus.UNSUPPORTED)) {
        unsupported.add(service);
      }
    }
    Set<RuntimeService> expected =
        EnumSet.of(RuntimeService.UPDATE_CAPSULE, RuntimeService.QUERY_CAPSULE_CAPABILITIES);
    for (RuntimeService service : RuntimeService.values()) {
      if (!ReentryTable.callableDuringMachineCheck(service)) {
        expected.add(service);
      }
    }
    assertEquals(expected, unsupported);
    assertStatus(EfiStatus.UNSUPPORTED, crash.callVendor(0x1000));
  }

  @Test
  void whatIsNotOfferedAndAResetLeaveTheStorageToItsOwner() {
    crash.call(RuntimeService.RESET_SYSTEM, ResetType.WARM.ordinal(), 0, 0, 0);
    crash.call(RuntimeService.SET_TIME, OUT);
    crash.call(RuntimeService.GET_NEXT_HIGH_MONOTONIC_COUNT, OUT);
    crash.callVendor(0x1000);
    assertEquals(List.of(ResetType.WARM), resets);
    assertStatus(EfiStatus.SUCCESS, owner.set("V", Deed.GUID, 7, (byte) 1));
    assertStatus(EfiStatus.NOT_FOUND, crash.get("W", Deed.GUID));
    assertStatus(EfiStatus.DEVICE_ERROR, owner.set("V", Deed.GUID, 7, (byte) 2));
  }

  @Test
  void theFirstCallInQuietChangesNoByte() {
    owner.set("V", Deed.GUID, 7, (byte) 1);
    byte[] before = image.storage().content().toArray(ValueLayout.JAVA_BYTE);
    assertStatus(EfiStatus.SUCCESS, crash.get("V", Deed.GUID));
    assertEquals(-1, MemorySegment.ofArray(before).mismatch(image.storage().content()));
  }

  @Test
  void thePhaseIsTheOneThatWasReached() {
    owner.set("Boot", Deed.GUID, NV | BS, (byte) 1);
    owner.set("Runtime", Deed.GUID, NV | BS | RT, (byte) 1);
    assertStatus(EfiStatus.SUCCESS, crash.get("Boot", Deed.GUID));
    firmware.exitBootServices();
    assertStatus(EfiStatus.NOT_FOUND, crash.get("Boot", Deed.GUID));
    assertStatus(EfiStatus.SUCCESS, crash.get("Runtime", Deed.GUID));
    assertStatus(EfiStatus.WRITE_PROTECTED, crash.set("Boot", Deed.GUID, NV | BS, (byte) 2));
    assertStatus(EfiStatus.INVALID_PARAMETER, crash.set("New", Deed.GUID, BS, (byte) 2));
  }

  @Test
  void volatileVariablesOfTheInterruptedFirmwareAreNotFound() {
    owner.set("Volatile", Deed.GUID, BS | RT, (byte) 1);
    assertStatus(EfiStatus.NOT_FOUND, crash.get("Volatile", Deed.GUID));
    assertStatus(EfiStatus.SUCCESS, crash.set("Volatile", Deed.GUID, BS | RT, (byte) 2));
    assertStatus(EfiStatus.SUCCESS, crash.get("Volatile", Deed.GUID));
    owner.get("Volatile", Deed.GUID);
    assertArrayEquals(new byte[] {1}, owner.data());
  }

  @Test
  void theTimeIsInTheZoneThatWasSetLast() {
    EfiTime time = new EfiTime(2026, 11, 21, 12, 30, 15, 0, 90, EfiTime.ADJUST_DAYLIGHT);
    byte[] wire = new byte[EfiTime.SIZE_BYTES];
    time.write(MemorySegment.ofArray(wire), 0);
    owner.poke(OUT, wire);
    assertStatus(EfiStatus.SUCCESS, owner.call(RuntimeService.SET_TIME, OUT));
    assertStatus(EfiStatus.SUCCESS, crash.call(RuntimeService.GET_TIME, OUT, 0));
    EfiTime read = EfiTime.read(MemorySegment.ofArray(crash.peek(OUT, EfiTime.SIZE_BYTES)), 0);
    assertEquals(90, read.timeZone());
    assertEquals(EfiTime.ADJUST_DAYLIGHT, read.daylight());
    assertEquals(2026, read.year());
    assertEquals(12, read.hour());
  }

  @Test
  void anImageThatMustNotBeWrittenIsRead() throws Exception {
    owner.set("V", Deed.GUID, 7, (byte) 1);
    NvStorage storage = image.storage();
    byte unknownLog = 0x12;
    storage.write(
        image.layout().workingOffset(), MemorySegment.ofArray(new byte[] {unknownLog}), 0, 1);
    NvImage reopened = NvImage.of(storage);
    assertNotNull(reopened.writeRefusal());
    ReferenceFirmware second = ReferenceFirmware.builder(reopened).build();
    FirmwareHarness reading = new FirmwareHarness(second.crashEntry()::call);
    byte[] before = storage.content().toArray(ValueLayout.JAVA_BYTE);
    assertStatus(EfiStatus.SUCCESS, reading.get("V", Deed.GUID));
    assertStatus(EfiStatus.WRITE_PROTECTED, reading.set("V", Deed.GUID, 7, (byte) 2));
    assertStatus(EfiStatus.WRITE_PROTECTED, reading.delete("V", Deed.GUID, 7));
    assertEquals(-1, MemorySegment.ofArray(before).mismatch(storage.content()));
  }
}
