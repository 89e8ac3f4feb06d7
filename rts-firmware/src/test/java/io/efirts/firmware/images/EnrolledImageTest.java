// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.images;

import static io.efirts.api.spec.RuntimeService.QUERY_VARIABLE_INFO;
import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static io.efirts.firmware.FirmwareHarness.OUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiStatus;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvImage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An image that OVMF wrote while keys were enrolled: replaced and deleted records among live ones.
 */
class EnrolledImageTest {
  private final byte[] original = RecordedImages.image(RecordedImages.ENROLLED);

  private FirmwareHarness guest(FirmwarePhase phase) throws Exception {
    NvImage image = NvImage.of(RecordedImages.storage(original));
    return new FirmwareHarness(ReferenceFirmware.builder(image).phase(phase).build());
  }

  @Test
  void imageHoldsEveryStateThatAnUndisturbedFirmwareLeaves() {
    List<MiniParser.Entry> records = MiniParser.records(original);
    assertEquals(31, records.stream().filter(record -> record.state() == 0x3F).count());
    assertEquals(25, records.stream().filter(record -> record.state() == 0x3C).count());
    assertEquals(1, records.stream().filter(record -> record.state() == 0x3D).count());
  }

  @ParameterizedTest
  @CsvSource({"BOOT, 243520", "RUNTIME, 239208"})
  void roomIsWhatTheFirmwareItselfTells(FirmwarePhase phase, long remaining) throws Exception {
    FirmwareHarness guest = guest(phase);
    assertStatus(EfiStatus.SUCCESS, guest.call(QUERY_VARIABLE_INFO, 7, OUT, OUT + 8, OUT + 16));
    assertEquals(262044, guest.peekLong(OUT));
    assertEquals(remaining, guest.peekLong(OUT + 8));
    assertEquals(33732, guest.peekLong(OUT + 16));
  }

  @Test
  void walkMeetsEveryLiveRecordInStoreOrderAndNoDeadOne() throws Exception {
    FirmwareHarness guest = guest(FirmwarePhase.BOOT);
    List<String> expected =
        MiniParser.records(original).stream()
            .filter(record -> record.state() == 0x3F)
            .map(MiniParser.Entry::name)
            .toList();
    List<String> walked = new ArrayList<>();
    guest.pokeName("");
    long status = guest.next();
    while (EfiStatus.of(status).equals(EfiStatus.SUCCESS)) {
      walked.add(guest.name());
      assertTrue(walked.size() <= expected.size(), "the walk must end");
      status = guest.next();
    }
    assertStatus(EfiStatus.NOT_FOUND, status);
    assertEquals(expected, walked);
  }
}
