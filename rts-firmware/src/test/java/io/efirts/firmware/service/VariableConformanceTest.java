// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

import static io.efirts.api.spec.EfiStatus.BUFFER_TOO_SMALL;
import static io.efirts.api.spec.EfiStatus.INVALID_PARAMETER;
import static io.efirts.api.spec.EfiStatus.NOT_FOUND;
import static io.efirts.api.spec.EfiStatus.SUCCESS;
import static io.efirts.api.spec.EfiStatus.UNSUPPORTED;
import static io.efirts.api.spec.RuntimeService.GET_NEXT_VARIABLE_NAME;
import static io.efirts.api.spec.RuntimeService.GET_VARIABLE;
import static io.efirts.api.spec.RuntimeService.QUERY_VARIABLE_INFO;
import static io.efirts.api.spec.RuntimeService.SET_VARIABLE;
import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static io.efirts.firmware.FirmwareHarness.ATTRIBUTES;
import static io.efirts.firmware.FirmwareHarness.AW;
import static io.efirts.firmware.FirmwareHarness.BS;
import static io.efirts.firmware.FirmwareHarness.DATA;
import static io.efirts.firmware.FirmwareHarness.GUID;
import static io.efirts.firmware.FirmwareHarness.HR;
import static io.efirts.firmware.FirmwareHarness.NAME;
import static io.efirts.firmware.FirmwareHarness.NV;
import static io.efirts.firmware.FirmwareHarness.OUT;
import static io.efirts.firmware.FirmwareHarness.RT;
import static io.efirts.firmware.FirmwareHarness.SIZE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks the UEFI self-certification tests make of the variable services, before boot ends. */
class VariableConformanceTest {
  private static final EfiGuid V1 = EfiGuid.of("f6fab04f-acaf-4af3-b9fa-dcf97fb4426f");
  private static final EfiGuid V2 = EfiGuid.of("d4d3f0a5-2a1e-4a5c-9c65-1a5d5e1b9a10");
  private static final byte[] TEN = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  private static final byte[] TWENTY = new byte[20];

  private NvImage image;
  private FirmwareHarness guest;

  @BeforeEach
  void start() {
    image = NvImage.inMemory(NvLayout.OVMF_4M);
    reset();
  }

  private void reset() {
    guest = new FirmwareHarness(ReferenceFirmware.builder(image).build());
  }

  private long getSized(long size, long data) {
    guest.pokeLong(SIZE, size);
    return guest.call(GET_VARIABLE, NAME, GUID, 0, SIZE, data);
  }

  private List<String> walk() {
    List<String> names = new ArrayList<>();
    guest.pokeName("");
    long status = guest.next();
    while (EfiStatus.of(status).equals(SUCCESS)) {
      names.add(guest.name());
      status = guest.next();
    }
    assertStatus(NOT_FOUND, status);
    return names;
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 1", "1, 0, 1", "1, 1, 0"})
  void getVariableNeedsNameGuidAndSize(int name, int guid, int size) {
    guest.set("TestVariable", V1, BS, TEN);
    guest.pokeLong(SIZE, 10);
    assertStatus(
        INVALID_PARAMETER,
        guest.call(GET_VARIABLE, name * NAME, guid * GUID, ATTRIBUTES, size * SIZE, DATA));
  }

  @Test
  void getVariableNeedsABufferWhenTheSizeSuffices() {
    guest.set("TestVariable", V1, BS, TEN);
    assertStatus(INVALID_PARAMETER, getSized(10, 0));
  }

  @Test
  void getVariableFindsNothingAfterDeletionNorPrefixNorOtherVendor() {
    guest.set("TestVariable", V1, BS, TEN);
    assertStatus(SUCCESS, guest.delete("TestVariable", V1, BS));
    assertStatus(NOT_FOUND, guest.get("TestVariable", V1));
    guest.set("TestVariableA", V1, BS, TEN);
    guest.set("TestVariabl", V1, BS, TEN);
    assertStatus(NOT_FOUND, guest.get("TestVariable", V1));
    guest.set("TestVariable", V2, BS, TEN);
    assertStatus(NOT_FOUND, guest.get("TestVariable", V1));
  }

  @Test
  void getVariableOfTheEmptyNameIsNotFound() {
    assertStatus(NOT_FOUND, guest.get("", V1));
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0, 0", "9, 1"})
  void getVariableTellsTheSizeOfASmallBuffer(long size, int data) {
    guest.set("TestVariable", V1, BS, TEN);
    assertStatus(BUFFER_TOO_SMALL, getSized(size, data * DATA));
    assertEquals(10, guest.size());
  }

  @Test
  void getVariableTellsTheAttributesOfASmallBufferToo() {
    guest.set("TestVariable", V1, BS, TEN);
    guest.pokeLong(SIZE, 0);
    assertStatus(BUFFER_TOO_SMALL, guest.call(GET_VARIABLE, NAME, GUID, ATTRIBUTES, SIZE, 0));
    assertEquals(BS, guest.attributes());
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 1", "1, 0, 1", "1, 1, 0"})
  void getNextNeedsAllPointers(int size, int name, int guid) {
    guest.pokeName("");
    guest.pokeLong(SIZE, 100);
    assertStatus(
        INVALID_PARAMETER,
        guest.call(GET_NEXT_VARIABLE_NAME, size * SIZE, name * NAME, guid * GUID));
  }

  @Test
  void getNextTellsTheSizeOfASmallBufferAndLeavesTheNameAlone() {
    guest.set("TestVariable", V1, BS, TEN);
    guest.pokeName("");
    guest.pokeGuid(V2);
    guest.pokeLong(SIZE, 2);
    assertStatus(BUFFER_TOO_SMALL, guest.call(GET_NEXT_VARIABLE_NAME, SIZE, NAME, GUID));
    assertEquals(26, guest.size());
    assertArrayEquals(new byte[2], guest.peek(NAME, 2));
    assertEquals(V2, guest.guid());
  }

  @Test
  void aWalkEndsWithoutTheDeletedVariable() {
    guest.set("TestVariable", V1, BS, TEN);
    guest.set("Other", V1, NV | BS, TEN);
    guest.delete("TestVariable", V1, BS);
    assertEquals(List.of("Other"), walk());
  }

  @Test
  void aWalkGoesThroughTheVolatileStoreFirstEachInCreationOrder() {
    guest.set("N1", V1, NV | BS, TEN);
    guest.set("V1", V1, BS, TEN);
    guest.set("N2", V1, NV | BS, TEN);
    guest.set("V2", V1, BS, TEN);
    assertEquals(List.of("V1", "V2", "N1", "N2"), walk());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 8, 24, 25})
  void getNextNeedsTheNulWithinTheSize(long size) {
    guest.set("TestVariable", V1, BS, TEN);
    guest.pokeLong(SIZE, size);
    assertStatus(INVALID_PARAMETER, guest.call(GET_NEXT_VARIABLE_NAME, SIZE, NAME, GUID));
  }

  @Test
  void getNextNeedsAnExistingNameAndVendor() {
    guest.set("TestVariable", V1, BS, TEN);
    guest.set("Other", V1, BS, TEN);
    guest.pokeName("TestVariablf");
    assertStatus(INVALID_PARAMETER, guest.next());
    guest.pokeName("TestVariable");
    guest.pokeGuid(V2);
    assertStatus(INVALID_PARAMETER, guest.next());
  }

  @Test
  void setVariableNeedsNameGuidAndData() {
    guest.pokeGuid(V1);
    guest.pokeName("");
    assertStatus(INVALID_PARAMETER, guest.call(SET_VARIABLE, NAME, GUID, BS, 10, DATA));
    guest.pokeName("A");
    assertStatus(INVALID_PARAMETER, guest.call(SET_VARIABLE, 0, GUID, BS, 10, DATA));
    assertStatus(INVALID_PARAMETER, guest.call(SET_VARIABLE, NAME, 0, BS, 10, DATA));
    assertStatus(INVALID_PARAMETER, guest.call(SET_VARIABLE, NAME, GUID, BS, 10, 0));
    assertStatus(INVALID_PARAMETER, guest.call(SET_VARIABLE, NAME, GUID, BS, -1, DATA));
    assertEquals(List.of(), walk());
  }

  @ParameterizedTest
  @CsvSource({
    "0x04, EFI_INVALID_PARAMETER", // RT
    "0x05, EFI_INVALID_PARAMETER", // NV|RT
    "0x01, EFI_INVALID_PARAMETER", // NV
    "0x14, EFI_UNSUPPORTED", // RT, counter-based authentication
    "0x11, EFI_UNSUPPORTED", // NV, counter-based authentication
    "0x17, EFI_INVALID_PARAMETER", // authentication is not built in
    "0x27, EFI_INVALID_PARAMETER",
    "0x0F, EFI_INVALID_PARAMETER", // no quota for hardware error records
    "0x0E, EFI_INVALID_PARAMETER",
    "0x87, EFI_INVALID_PARAMETER", // enhanced authentication
    "0x107, EFI_INVALID_PARAMETER",
    "0x00, EFI_NOT_FOUND", // a deletion
    "0x41, EFI_NOT_FOUND",
    "0x40, EFI_NOT_FOUND"
  })
  void setVariableRefusesTheseAttributes(String attributes, String status) {
    long actual = guest.set("TestVariable", V1, Integer.decode(attributes), TEN);
    assertEquals(status, EfiStatus.of(actual).toString());
    assertEquals(List.of(), walk());
  }

  @ParameterizedTest
  @ValueSource(ints = {BS, NV | BS, BS | RT, NV | BS | RT})
  void otherAttributesDoNotFitAnExistingVariable(int attributes) {
    guest.set("TestVariable", V1, attributes, TEN);
    for (int other : new int[] {BS, NV | BS, BS | RT, NV | BS | RT}) {
      if (other != attributes) {
        assertStatus(INVALID_PARAMETER, guest.set("TestVariable", V1, other, TWENTY));
        assertStatus(INVALID_PARAMETER, guest.delete("TestVariable", V1, other));
      }
    }
    assertStatus(SUCCESS, guest.get("TestVariable", V1));
    assertArrayEquals(TEN, guest.data());
    assertEquals(attributes, guest.attributes());
  }

  @ParameterizedTest
  @ValueSource(ints = {BS, NV | BS, BS | RT, NV | BS | RT})
  void deletingTwiceFindsNothingTheSecondTime(int attributes) {
    guest.set("TestVariable", V1, attributes, TEN);
    assertStatus(SUCCESS, guest.delete("TestVariable", V1, attributes));
    assertStatus(NOT_FOUND, guest.delete("TestVariable", V1, attributes));
  }

  @ParameterizedTest
  @ValueSource(ints = {BS, NV | BS, BS | RT, NV | BS | RT})
  void valuesAreRewrittenAndKeptApart(int attributes) {
    guest.set("TestVariable", V2, attributes, TWENTY);
    assertStatus(SUCCESS, guest.set("TestVariable", V1, attributes, TEN));
    guest.set("TestVariableA", V1, attributes, (byte) 1);
    guest.set("TestVariabl", V1, attributes, (byte) 2);
    assertStatus(SUCCESS, guest.set("TestVariable", V1, attributes, TEN));
    assertStatus(SUCCESS, guest.set("TestVariable", V1, attributes, TWENTY));
    assertStatus(SUCCESS, guest.set("TestVariable", V1, attributes, new byte[] {1, 2, 3, 4, 5}));
    guest.get("TestVariable", V1);
    assertArrayEquals(new byte[] {1, 2, 3, 4, 5}, guest.data());
    guest.get("TestVariable", V2);
    assertArrayEquals(TWENTY, guest.data());
    guest.get("TestVariableA", V1);
    assertArrayEquals(new byte[] {1}, guest.data());
    guest.get("TestVariabl", V1);
    assertArrayEquals(new byte[] {2}, guest.data());
  }

  @Test
  void withoutAttributesAVariableIsDeletedWhateverTheSize() {
    guest.set("TestVariable", V1, NV | BS, TEN);
    assertStatus(SUCCESS, guest.set("TestVariable", V1, 0, TEN));
    assertStatus(NOT_FOUND, guest.get("TestVariable", V1));
  }

  @Test
  void onlyNonVolatileVariablesSurviveAReset() {
    guest.set("N", V1, NV | BS, TEN);
    guest.set("R", V1, NV | BS | RT, TEN);
    guest.set("V", V1, BS, TEN);
    guest.set("W", V1, BS | RT, TEN);
    reset();
    assertEquals(List.of("N", "R"), walk());
    assertStatus(SUCCESS, guest.get("R", V1));
    assertArrayEquals(TEN, guest.data());
    assertEquals(NV | BS | RT, guest.attributes());
  }

  @Test
  void appendingNothingToNothingSucceedsAndCreatesNothing() {
    assertStatus(SUCCESS, guest.set("A", V1, BS | FirmwareHarness.APPEND));
    assertEquals(List.of(), walk());
  }

  @ParameterizedTest
  @ValueSource(ints = {BS, NV | BS})
  void appendingAddsAndIsNeverReported(int attributes) {
    int append = attributes | FirmwareHarness.APPEND;
    assertStatus(SUCCESS, guest.set("A", V1, append, (byte) 1));
    assertStatus(SUCCESS, guest.set("A", V1, append, (byte) 2, (byte) 3));
    assertStatus(SUCCESS, guest.set("A", V1, append));
    assertStatus(SUCCESS, guest.get("A", V1));
    assertArrayEquals(new byte[] {1, 2, 3}, guest.data());
    assertEquals(attributes, guest.attributes());
  }

  @ParameterizedTest
  @ValueSource(ints = {BS, NV | BS})
  void nameAndDataHaveALimitTogether(int attributes) {
    int most = 0x8400 - 60 - 4; // a name of one character and its NUL
    assertStatus(SUCCESS, guest.set("A", V1, attributes, new byte[most]));
    assertStatus(INVALID_PARAMETER, guest.set("B", V1, attributes, new byte[most + 1]));
    assertStatus(
        INVALID_PARAMETER, guest.set("A", V1, attributes | FirmwareHarness.APPEND, (byte) 1));
    assertEquals(List.of("A"), walk());
  }

  @Test
  void aNameLongerThanAnyVariableIsRefusedOrNotFound() {
    guest.poke(NAME, filled(0x9000));
    guest.pokeGuid(V1);
    guest.pokeLong(SIZE, 0x9000);
    assertStatus(NOT_FOUND, guest.call(GET_VARIABLE, NAME, GUID, 0, SIZE, DATA));
    assertStatus(INVALID_PARAMETER, guest.call(SET_VARIABLE, NAME, GUID, BS, 1, DATA));
    assertStatus(INVALID_PARAMETER, guest.call(GET_NEXT_VARIABLE_NAME, SIZE, NAME, GUID));
    guest.pokeLong(SIZE, -1);
    assertStatus(INVALID_PARAMETER, guest.call(GET_NEXT_VARIABLE_NAME, SIZE, NAME, GUID));
  }

  private static byte[] filled(int length) {
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) 'x');
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({
    "0x00, EFI_INVALID_PARAMETER",
    "0x01, EFI_INVALID_PARAMETER",
    "0x04, EFI_INVALID_PARAMETER",
    "0x05, EFI_INVALID_PARAMETER",
    "0x08, EFI_INVALID_PARAMETER",
    "0x0A, EFI_INVALID_PARAMETER",
    "0x0F, EFI_UNSUPPORTED",
    "0x27, EFI_UNSUPPORTED",
    "0x17, EFI_UNSUPPORTED",
    "0x40, EFI_SUCCESS",
    "0x80, EFI_UNSUPPORTED",
    "0x81, EFI_INVALID_PARAMETER",
    "0x41, EFI_INVALID_PARAMETER",
    "0x02, EFI_SUCCESS",
    "0x03, EFI_SUCCESS",
    "0x06, EFI_SUCCESS",
    "0x07, EFI_SUCCESS",
    "0x47, EFI_SUCCESS"
  })
  void queryChecksItsAttributes(String attributes, String status) {
    long actual =
        guest.call(QUERY_VARIABLE_INFO, Integer.decode(attributes), OUT, OUT + 8, OUT + 16);
    assertEquals(status, EfiStatus.of(actual).toString());
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 1", "1, 0, 1", "1, 1, 0"})
  void queryNeedsAllPointers(int storage, int remaining, int size) {
    assertStatus(
        INVALID_PARAMETER,
        guest.call(
            QUERY_VARIABLE_INFO, 7, storage * OUT, remaining * (OUT + 8), size * (OUT + 16)));
  }

  @ParameterizedTest
  @ValueSource(ints = {BS, NV | BS, BS | RT, NV | BS | RT})
  void maximumStorageNeverChanges(int attributes) {
    long before = maximumStorage(attributes);
    guest.set("TestVariable", V1, attributes, TWENTY);
    assertEquals(before, maximumStorage(attributes));
    guest.delete("TestVariable", V1, attributes);
    assertEquals(before, maximumStorage(attributes));
  }

  private long maximumStorage(int attributes) {
    assertStatus(SUCCESS, guest.call(QUERY_VARIABLE_INFO, attributes, OUT, OUT + 8, OUT + 16));
    return guest.peekLong(OUT);
  }

  @Test
  void hardwareErrorRecordsAreNotSupported() {
    EfiGuid hardware = EfiGuid.of("414e6bdd-e47b-47cc-b244-bb61020cf516");
    assertStatus(INVALID_PARAMETER, guest.set("HwErrRec0001", hardware, NV | BS | RT | HR, TEN));
    assertStatus(
        UNSUPPORTED, guest.call(QUERY_VARIABLE_INFO, NV | BS | RT | HR, OUT, OUT + 8, OUT + 16));
    assertStatus(
        UNSUPPORTED, guest.call(QUERY_VARIABLE_INFO, NV | BS | AW, OUT, OUT + 8, OUT + 16));
    assertFalse(walk().contains("HwErrRec0001"));
    assertTrue(image.store().freeBytes() == image.store().capacityBytes());
  }
}
