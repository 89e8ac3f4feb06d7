// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

import static io.efirts.api.spec.EfiStatus.INVALID_PARAMETER;
import static io.efirts.api.spec.EfiStatus.SUCCESS;
import static io.efirts.api.spec.EfiStatus.UNSUPPORTED;
import static io.efirts.api.spec.EfiStatus.WRITE_PROTECTED;
import static io.efirts.api.spec.RuntimeService.GET_NEXT_HIGH_MONOTONIC_COUNT;
import static io.efirts.api.spec.RuntimeService.RESET_SYSTEM;
import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static io.efirts.firmware.FirmwareHarness.DATA;
import static io.efirts.firmware.FirmwareHarness.OUT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.images.RecordedImages;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtherServicesTest {
  private static final EfiGuid MTC_GUID = EfiGuid.of("eb704011-1402-11d3-8e77-00a0c969723b");

  private static FirmwareHarness over(NvImage image) {
    return new FirmwareHarness(ReferenceFirmware.builder(image).build());
  }

  private static int count(FirmwareHarness guest) {
    assertStatus(SUCCESS, guest.call(GET_NEXT_HIGH_MONOTONIC_COUNT, OUT));
    return guest.peekInt(OUT);
  }

  @Test
  void theHighCountGoesOnAfterAResetAndIsStoredFirst() {
    NvImage image = NvImage.inMemory(NvLayout.OVMF_2M);
    FirmwareHarness guest = over(image);
    assertEquals(1, count(guest));
    assertEquals(2, count(guest));
    assertStatus(SUCCESS, guest.get("MTC", MTC_GUID));
    assertArrayEquals(new byte[] {2, 0, 0, 0}, guest.data());
    assertEquals(7, guest.attributes());
    assertEquals(3, count(over(image)));
  }

  @Test
  void theHighCountGoesOnWhereRealFirmwareLeftIt() throws Exception {
    NvImage image = NvImage.of(RecordedImages.storage(RecordedImages.image(RecordedImages.TORN)));
    FirmwareHarness guest = over(image);
    assertStatus(SUCCESS, guest.get("MTC", MTC_GUID));
    int stored = guest.peekInt(DATA);
    assertEquals(stored + 1, count(guest));
  }

  @Test
  void theHighCountNeedsAPointerAndAWritableVariable() {
    FirmwareHarness guest = over(NvImage.inMemory(NvLayout.OVMF_2M));
    assertStatus(INVALID_PARAMETER, guest.call(GET_NEXT_HIGH_MONOTONIC_COUNT, 0));
    guest.set("MTC", MTC_GUID, 3, (byte) 1); // another owner's: its attributes do not fit
    assertStatus(INVALID_PARAMETER, guest.call(GET_NEXT_HIGH_MONOTONIC_COUNT, OUT));
    assertEquals(0, guest.peekInt(OUT));
  }

  @Test
  void makingAFirmwareChangesNothing() {
    NvImage image = NvImage.inMemory(NvLayout.OVMF_4M);
    byte[] before = image.storage().content().toArray(ValueLayout.JAVA_BYTE);
    ReferenceFirmware.builder(image).phase(FirmwarePhase.RUNTIME).build();
    assertArrayEquals(before, image.storage().content().toArray(ValueLayout.JAVA_BYTE));
  }

  @ParameterizedTest
  @EnumSource(ResetType.class)
  void aResetIsHandedToTheEmbedderWithItsData(ResetType expected) {
    List<String> requests = new ArrayList<>();
    FirmwareHarness guest =
        new FirmwareHarness(
            ReferenceFirmware.builder(NvLayout.OVMF_2M)
                .resetHandler(
                    (type, status, data, length) ->
                        requests.add(
                            type
                                + " "
                                + status
                                + " "
                                + data.get(ValueLayout.JAVA_BYTE, 1)
                                + " "
                                + length))
                .build());
    guest.poke(DATA, (byte) 8, (byte) 9);
    assertStatus(SUCCESS, guest.call(RESET_SYSTEM, expected.code(), 5, 2, DATA));
    assertEquals(List.of(expected + " 5 9 2"), requests);
  }

  @Test
  void resetDataIsCutOffAtTheLargestVariable() {
    List<Long> lengths = new ArrayList<>();
    FirmwareHarness guest =
        new FirmwareHarness(
            ReferenceFirmware.builder(NvLayout.OVMF_2M)
                .resetHandler((type, status, data, length) -> lengths.add(length))
                .build());
    assertStatus(SUCCESS, guest.call(RESET_SYSTEM, 0, 0, -1, DATA));
    assertStatus(SUCCESS, guest.call(RESET_SYSTEM, 0, 0, -1, 0));
    assertEquals(List.of(0x2000L, 0L), lengths);
    assertStatus(INVALID_PARAMETER, guest.call(RESET_SYSTEM, 4, 0, 0, 0));
  }

  @Test
  void withoutAHandlerAResetIsUnsupported() {
    FirmwareHarness guest = over(NvImage.inMemory(NvLayout.OVMF_2M));
    assertStatus(UNSUPPORTED, guest.call(RESET_SYSTEM, 0, 0, 0, 0));
  }

  @ParameterizedTest
  @EnumSource(
      value = RuntimeService.class,
      names = {
        "GET_WAKEUP_TIME",
        "SET_WAKEUP_TIME",
        "UPDATE_CAPSULE",
        "QUERY_CAPSULE_CAPABILITIES"
      })
  void servicesNotOfferedAreUnsupported(RuntimeService service) {
    FirmwareHarness guest = over(NvImage.inMemory(NvLayout.OVMF_2M));
    long[] words = new long[service.signature().parameterCount()];
    assertStatus(UNSUPPORTED, guest.call(service, words));
  }

  @Test
  void vendorEntriesAreUnsupported() {
    assertStatus(UNSUPPORTED, over(NvImage.inMemory(NvLayout.OVMF_2M)).callVendor(0x1234));
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x07, 0x27, 0x67, 0x40})
  void authenticatedVariablesStayAsTheyAre(int attributes) throws Exception {
    byte[] bytes = RecordedImages.image(RecordedImages.TORN);
    NvImage image = NvImage.of(RecordedImages.storage(bytes));
    FirmwareHarness guest = over(image);
    EfiGuid guid = EfiGuid.of("d9bee56e-75dc-49d9-b4d7-b534210f637a");
    assertStatus(SUCCESS, guest.get("certdb", guid));
    assertEquals(0x27, guest.attributes());
    assertStatus(
        attributes == 0 ? WRITE_PROTECTED : INVALID_PARAMETER,
        guest.set("certdb", guid, attributes, (byte) 1));
    assertStatus(
        attributes == 0 ? WRITE_PROTECTED : INVALID_PARAMETER,
        guest.delete("certdb", guid, attributes));
    assertArrayEquals(bytes, image.storage().content().toArray(ValueLayout.JAVA_BYTE));
  }
}
