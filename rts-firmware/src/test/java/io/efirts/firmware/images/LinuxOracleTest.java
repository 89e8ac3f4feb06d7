// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.images;

import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvImage;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Linux read from an image after a real crash is what a guest of ours reads from it. */
class LinuxOracleTest {
  @ParameterizedTest
  @ValueSource(strings = {RecordedImages.PANIC, RecordedImages.PANIC_UNCOMPRESSED})
  void readsEveryRuntimeVariableAsLinuxDid(String name) throws Exception {
    byte[] bytes = RecordedImages.image(name);
    NvStorage storage = RecordedImages.storage(bytes);
    Map<String, byte[]> actual = enumerate(NvImage.of(storage));
    Map<String, byte[]> expected = RecordedImages.efivars(name);
    // Only the image's variables: the firmware makes the volatile ones anew at each boot.
    expected.values().removeIf(file -> (file[0] & FirmwareHarness.NV) == 0);
    // Counted on by the reboot between the image and the oracle.
    String counter = "MTC-eb704011-1402-11d3-8e77-00a0c969723b";
    assertTrue(actual.containsKey(counter) && expected.containsKey(counter));
    actual.remove(counter);
    expected.remove(counter);

    long different =
        expected.entrySet().stream()
            .filter(file -> !Arrays.equals(file.getValue(), actual.get(file.getKey())))
            .count();
    System.out.println("compared " + expected.size() + ", different " + different);
    assertEquals(0, different);
    assertEquals(expected.keySet(), actual.keySet());
    assertTrue(expected.size() > 20);
    assertEquals(
        -1, Arrays.mismatch(bytes, storage.content().toArray(ValueLayout.JAVA_BYTE)), "untouched");
  }

  private static Map<String, byte[]> enumerate(NvImage image) {
    FirmwareHarness guest =
        new FirmwareHarness(ReferenceFirmware.builder(image).phase(FirmwarePhase.RUNTIME).build());
    Map<String, byte[]> variables = new TreeMap<>();
    guest.pokeName("");
    long status = guest.next();
    while (EfiStatus.of(status).equals(EfiStatus.SUCCESS)) {
      String name = guest.name();
      EfiGuid guid = guest.guid();
      assertStatus(EfiStatus.SUCCESS, guest.get(name, guid));
      byte[] file =
          ByteBuffer.allocate(4 + (int) guest.size())
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(guest.attributes())
              .put(guest.data())
              .array();
      variables.put(name + "-" + guid, file);
      status = guest.next();
    }
    assertStatus(EfiStatus.NOT_FOUND, status);
    return variables;
  }
}
