// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

import static io.efirts.api.spec.EfiStatus.OUT_OF_RESOURCES;
import static io.efirts.api.spec.EfiStatus.SUCCESS;
import static io.efirts.api.spec.RuntimeService.QUERY_VARIABLE_INFO;
import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static io.efirts.firmware.FirmwareHarness.OUT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers are those of EDK2 on the same store. */
class QueryVariableInfoTest {
  private static final EfiGuid V1 = EfiGuid.of("f6fab04f-acaf-4af3-b9fa-dcf97fb4426f");

  private static void assertInfo(
      FirmwareHarness guest, int attributes, long storage, long remaining, long size) {
    assertStatus(SUCCESS, guest.call(QUERY_VARIABLE_INFO, attributes, OUT, OUT + 8, OUT + 16));
    assertEquals(storage, guest.peekLong(OUT), "maximum storage");
    assertEquals(remaining, guest.peekLong(OUT + 8), "remaining storage");
    assertEquals(size, guest.peekLong(OUT + 16), "maximum size");
  }

  @ParameterizedTest
  @CsvSource({
    "OVMF_4M, 7, 262044, 33732",
    "OVMF_2M, 7, 57244, 8132",
    "ARM_VIRT, 7, 262044, 8132",
    "OVMF_4M, 6, 262116, 33732",
    "OVMF_2M, 6, 57316, 8132",
    "ARM_VIRT, 6, 524260, 8132"
  })
  void anEmptyStore(NvLayout layout, int attributes, long storage, long size) {
    FirmwareHarness guest = new FirmwareHarness(ReferenceFirmware.builder(layout).build());
    assertInfo(guest, attributes, storage, storage, size);
  }

  @Test
  void beforeBootEndsOnlyLiveRecordsCountAfterwardsAll() {
    ReferenceFirmware firmware = ReferenceFirmware.builder(NvLayout.OVMF_4M).build();
    FirmwareHarness guest = new FirmwareHarness(firmware);
    guest.set("A", V1, 7, new byte[3]); // 60 + 4 + 3, padded to 68
    guest.set("A", V1, 7, new byte[5]); // 72
    guest.set("B", V1, 7, new byte[4]); // 68
    guest.delete("B", V1, 7);
    assertInfo(guest, 7, 262044, 262044 - 72, 33732);
    firmware.exitBootServices();
    assertInfo(guest, 7, 262044, 262044 - 68 - 72 - 68, 33732);
  }

  @Test
  void aFullStoreAnswersOutOfResourcesAndTellsWhatStillFits() {
    NvImage image = NvImage.inMemory(NvLayout.OVMF_2M);
    FirmwareHarness guest = new FirmwareHarness(ReferenceFirmware.builder(image).build());
    int stored = 0;
    while (EfiStatus.of(guest.set("V" + stored, V1, 7, new byte[8000])).equals(SUCCESS)) {
      stored++;
    }
    assertEquals(7, stored);
    long remaining = 57244 - 7 * (60 + 6 + 8000 + 2);
    assertInfo(guest, 7, 57244, remaining, remaining - 60);
    int fits = (int) remaining - 60 - 6;
    assertStatus(OUT_OF_RESOURCES, guest.set("V9", V1, 7, new byte[fits + 1]));
    assertStatus(SUCCESS, guest.set("V9", V1, 7, new byte[fits]));
    assertInfo(guest, 7, 57244, 0, 0);
    assertStatus(OUT_OF_RESOURCES, guest.set("A", V1, 7, (byte) 1));
    assertStatus(SUCCESS, guest.delete("V9", V1, 7));
    assertStatus(OUT_OF_RESOURCES, guest.set("A", V1, 7, (byte) 1));
  }
}
