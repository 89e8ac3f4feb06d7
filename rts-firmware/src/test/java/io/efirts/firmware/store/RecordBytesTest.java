// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.images.MiniParser;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bytes SetVariable leaves are the ones EDK2 leaves. */
class RecordBytesTest {
  private static final int FIRST = 0x64;
  private static final EfiGuid GUID = EfiGuid.of("c076ec0c-7028-4399-a072-71ee5c448b9f");

  private NvImage image;
  private FirmwareHarness guest;

  @BeforeEach
  void open() {
    image = NvImage.inMemory(NvLayout.OVMF_4M);
    guest = new FirmwareHarness(ReferenceFirmware.builder(image).build());
  }

  private byte[] bytes() {
    return image.storage().content().toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void aRecordHasEdk2sHeaderNameDataAndPad() {
    byte[] before = bytes();
    assertStatus(EfiStatus.SUCCESS, guest.set("CustomMode", GUID, 3, (byte) 0));
    byte[] after = bytes();
    // The first record of OVMF_VARS_4M.ms.fd, but for its state.
    String expected =
        "aa553f00"
            + "03000000"
            + "0000000000000000"
            + "00000000000000000000000000000000"
            + "00000000"
            + "16000000"
            + "01000000"
            + "0cec76c028709943a07271ee5c448b9f"
            + "43007500730074006f006d004d006f00640065000000"
            + "00"
            + "ff";
    byte[] record = HexFormat.of().parseHex(expected);
    assertArrayEquals(record, Arrays.copyOfRange(after, FIRST, FIRST + record.length));
    assertArrayEquals(Arrays.copyOf(before, FIRST), Arrays.copyOf(after, FIRST));
    assertEquals(
        -1,
        Arrays.mismatch(
            before,
            FIRST + record.length,
            before.length,
            after,
            FIRST + record.length,
            after.length));
  }

  @Test
  void replacingAddsARecordAndDeletesTheOldOneAfterTransition() {
    guest.set("A", GUID, 7, (byte) 1);
    byte[] before = bytes();
    guest.set("A", GUID, 7, (byte) 2, (byte) 3);
    byte[] after = bytes();
    List<MiniParser.Entry> records = MiniParser.records(after);
    assertEquals(2, records.size());
    assertEquals(0x3C, records.get(0).state());
    assertEquals(0x3F, records.get(1).state());
    assertEquals(0, records.get(1).offset() % 4);
    assertArrayEquals(new byte[] {2, 3}, records.get(1).data());
    // Nothing but the old state byte and the new record changed.
    before[records.get(0).offset() + 2] = 0x3C;
    Arrays.fill(after, records.get(1).offset(), records.get(1).end(), (byte) 0xFF);
    assertArrayEquals(before, after);
  }

  @Test
  void deletingAloneGoesStraightToDeleted() {
    guest.set("A", GUID, 7, (byte) 1);
    assertStatus(EfiStatus.SUCCESS, guest.delete("A", GUID, 7));
    assertEquals(0x3D, MiniParser.records(bytes()).getFirst().state());
  }

  @Test
  void appendingWritesOneRecordWithTheWholeValue() {
    guest.set("A", GUID, 7, (byte) 1);
    assertStatus(EfiStatus.SUCCESS, guest.set("A", GUID, 7 | FirmwareHarness.APPEND, (byte) 2));
    MiniParser.Entry last = MiniParser.records(bytes()).getLast();
    assertEquals(7, last.attributes());
    assertArrayEquals(new byte[] {1, 2}, last.data());
  }

  @Test
  void settingTheSameValueWritesNothing() {
    guest.set("A", GUID, 7, (byte) 1);
    byte[] before = bytes();
    assertStatus(EfiStatus.SUCCESS, guest.set("A", GUID, 7, (byte) 1));
    assertArrayEquals(before, bytes());
  }
}
