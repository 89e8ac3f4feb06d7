// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.images;

import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvImage;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The image of a machine killed inside SetVariable: T2 is in deleted transition, its successor has
 * a header and no value.
 */
class TornImageTest {
  private static final int OLD_T2 = 0x47e4;
  private static final int TORN_T2 = 0x5a44;

  private byte[] original;
  private NvStorage storage;
  private EfiGuid guid;
  private FirmwareHarness guest;

  @BeforeEach
  void open() throws Exception {
    original = RecordedImages.image(RecordedImages.TORN);
    storage = RecordedImages.storage(original);
    NvImage image = NvImage.of(storage);
    guid = image.store().guid(OLD_T2);
    guest = new FirmwareHarness(ReferenceFirmware.builder(image).build());
  }

  @Test
  void readsTheOldValueAndSkipsTheTornOne() {
    assertStatus(EfiStatus.SUCCESS, guest.get("T2", guid));
    byte[] old = Arrays.copyOfRange(original, OLD_T2 + 60 + 6, OLD_T2 + 60 + 6 + 1500);
    assertArrayEquals(old, guest.data());
  }

  @Test
  void enumerationEndsAndHasEachNameOnce() {
    int seen = 0;
    int torn = 0;
    guest.pokeName("");
    long status = guest.next();
    while (EfiStatus.of(status).equals(EfiStatus.SUCCESS)) {
      seen++;
      torn += guest.name().equals("T2") ? 1 : 0;
      status = guest.next();
    }
    assertStatus(EfiStatus.NOT_FOUND, status);
    assertEquals(MiniParser.values(original).size(), seen);
    assertEquals(1, torn);
  }

  @Test
  void theNextWriteGoesBehindTheTornRecordAndHealsTheVariable() throws Exception {
    assertStatus(EfiStatus.SUCCESS, guest.set("T2", guid, 7, (byte) 42));
    byte[] written = storage.content().toArray(ValueLayout.JAVA_BYTE);
    List<MiniParser.Entry> records = MiniParser.records(written);
    MiniParser.Entry added = records.getLast();
    assertEquals(0x6064, added.offset());
    assertEquals(0x3F, added.state());
    assertEquals(0x3C, written[OLD_T2 + 2]);
    assertArrayEquals(
        new byte[] {42}, MiniParser.values(written).get("T2-" + added.guidHex()).data());
    assertEquals(0x7F, written[TORN_T2 + 2], "EDK2 steps over it by its sizes in this state");
  }
}
