// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.images.RecordedImages;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the medium may hold after the force of a commit was refused, and the power cut after it. */
class RefusedForceTest {
  private static final EfiGuid GUID = EfiGuid.of("6f1d3bd4-6a53-4d2c-9d62-6d0a3c8b7a10");
  private static final int MEDIA_PER_CUT = 40;

  /** Operations of a replacement: its commit's force comes last but one. */
  private static final int FORCE_FROM_END = 2;

  private final Random random = new Random(20);
  private RecordingStorage storage;
  private NvImage image;
  private FirmwareHarness guest;

  @BeforeEach
  void storeTwice() throws Exception {
    storage =
        new RecordingStorage(
            NvImage.inMemory(NvLayout.OVMF_2M).storage().content().toArray(ValueLayout.JAVA_BYTE));
    image = NvImage.of(storage);
    guest = new FirmwareHarness(ReferenceFirmware.builder(image).build());
    assertStatus(EfiStatus.SUCCESS, guest.set("A", GUID, 7, (byte) 1));
    assertStatus(EfiStatus.SUCCESS, guest.set("A", GUID, 7, (byte) 2));
  }

  /** Which operation will force the commit of the next replacement. */
  private int nextCommitForce() {
    int before = storage.operations();
    guest.set("A", GUID, 7, (byte) 3);
    return storage.operations() + (storage.operations() - before) - FORCE_FROM_END;
  }

  private EfiStatus statusOfA(int cut) throws Exception {
    NvImage left = NvImage.of(RecordedImages.storage(storage.mediumAfterCut(cut, random)));
    return EfiStatus.of(
        new FirmwareHarness(ReferenceFirmware.builder(left).build()).get("A", GUID));
  }

  @Test
  void theOldValueIsReadAndTheReasonKept() {
    storage.refuse(nextCommitForce(), false);
    assertStatus(EfiStatus.DEVICE_ERROR, guest.set("A", GUID, 7, (byte) 4));
    assertStatus(EfiStatus.SUCCESS, guest.get("A", GUID));
    assertArrayEquals(new byte[] {3}, guest.data());
    assertNotNull(image.store().lastStorageFailure());
  }

  @Test
  void aDeleteThatSucceedsAfterwardsAlsoDeletesTheRefusedValue() throws Exception {
    storage.refuse(nextCommitForce(), false);
    assertStatus(EfiStatus.DEVICE_ERROR, guest.set("A", GUID, 7, (byte) 4));
    assertStatus(EfiStatus.SUCCESS, guest.delete("A", GUID, 7));
    for (int i = 0; i < MEDIA_PER_CUT; i++) {
      assertEquals(EfiStatus.NOT_FOUND, statusOfA(storage.operations()));
    }
  }

  @Test
  void aValueThatCouldNotBeUndoneIsForcedBeforeItsTwinGoes() throws Exception {
    int force = nextCommitForce();
    storage.refuseSeveral(force, false, 2); // the force, and the word that undoes the commit
    assertStatus(EfiStatus.DEVICE_ERROR, guest.set("A", GUID, 7, (byte) 4));
    assertStatus(EfiStatus.SUCCESS, guest.get("A", GUID));
    assertArrayEquals(new byte[] {4}, guest.data(), "neither done nor undone: the new value");
    assertStatus(EfiStatus.SUCCESS, guest.set("A", GUID, 7, (byte) 5));
    for (int cut = force; cut <= storage.operations(); cut++) {
      for (int i = 0; i < MEDIA_PER_CUT; i++) {
        assertNotEquals(EfiStatus.NOT_FOUND, statusOfA(cut), "cut at " + cut);
      }
    }
  }
}
