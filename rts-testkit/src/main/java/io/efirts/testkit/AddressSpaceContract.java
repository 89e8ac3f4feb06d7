// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/**
 * What any address space promises about mapping and translating. Extended by the test of an
 * implementation.
 *
 * <p>All ranges lie between 64 KiB and {@value #LIMIT_PAGES} pages and are mapped identically,
 * which every implementation can express.
 */
@Timeout(60)
public abstract class AddressSpaceContract {
  /** How many pages a new address space must have free, from address 0 up. */
  protected static final int LIMIT_PAGES = 4096;

  private static final long BASE = 0x10_0000;

  private final long page;

  /** For subclasses whose address space is made of pages of 4 KiB. */
  protected AddressSpaceContract() {
    this(AddressSpace.PAGE_BYTES);
  }

  /**
   * For subclasses whose smallest page is larger.
   *
   * @param pageBytes its size, a power of 2 from 4096 to 65536
   */
  protected AddressSpaceContract(int pageBytes) {
    this.page = pageBytes;
  }

  /**
   * Makes an address space in which nothing of the first {@value #LIMIT_PAGES} pages is mapped.
   *
   * @return a new address space
   */
  protected abstract AddressSpace newAddressSpace();

  /**
   * Whether a page can be mapped so that it cannot be executed. A format without such a bit maps
   * every page executable.
   *
   * @return true, unless overridden
   */
  protected boolean canForbidExecution() {
    return true;
  }

  @Test
  void nothingIsMappedAtFirst() {
    AddressSpace space = newAddressSpace();
    assertNotMapped(space, 0);
    assertNotMapped(space, BASE);
  }

  @Test
  void aMappedRangeTranslatesFromItsFirstToItsLastByte() {
    AddressSpace space = newAddressSpace();
    map(space, BASE, 3 * page, MappingAttributes.DATA);
    assertNotMapped(space, BASE - 1);
    for (long offset : new long[] {0, 1, page - 1, page, 2 * page, 3 * page - 1}) {
      assertEquals(BASE + offset, space.translate(BASE + offset, Access.READ));
      assertEquals(BASE + offset, space.translate(BASE + offset, Access.WRITE));
    }
    assertNotMapped(space, BASE + 3 * page);
  }

  @Test
  void neighboursStayApart() {
    AddressSpace space = newAddressSpace();
    map(space, BASE, page, MappingAttributes.DATA);
    map(space, BASE + page, page, MappingAttributes.READ_ONLY);
    map(space, BASE - page, page, MappingAttributes.CODE);
    assertEquals(BASE + page - 1, space.translate(BASE + page - 1, Access.WRITE));
    assertProtected(space, BASE + page, Access.WRITE);
    assertEquals(BASE - 1, space.translate(BASE - 1, Access.EXECUTE));
    assertNoExecution(space, BASE);
  }

  @Test
  void permissionsAreThoseOfTheMapping() {
    AddressSpace space = newAddressSpace();
    map(space, BASE, page, MappingAttributes.DATA);
    assertNoExecution(space, BASE);
    protect(space, BASE, page, MappingAttributes.CODE);
    assertProtected(space, BASE, Access.WRITE);
    assertEquals(BASE, space.translate(BASE, Access.EXECUTE));
    protect(space, BASE, page, MappingAttributes.READ_ONLY);
    assertProtected(space, BASE, Access.WRITE);
    assertNoExecution(space, BASE);
    assertEquals(BASE, space.translate(BASE, Access.READ));
  }

  @Test
  void protectingTheMiddleLeavesBothEnds() {
    AddressSpace space = newAddressSpace();
    map(space, BASE, 512 * page, MappingAttributes.DATA);
    protect(space, BASE + 100 * page, page, MappingAttributes.READ_ONLY);
    assertEquals(BASE + 100 * page - 1, space.translate(BASE + 100 * page - 1, Access.WRITE));
    assertProtected(space, BASE + 100 * page, Access.WRITE);
    assertProtected(space, BASE + 101 * page - 1, Access.WRITE);
    assertEquals(BASE + 101 * page, space.translate(BASE + 101 * page, Access.WRITE));
  }

  @Test
  void unmappingTheMiddleLeavesBothEnds() {
    AddressSpace space = newAddressSpace();
    map(space, BASE, 1024 * page, MappingAttributes.DATA);
    unmap(space, BASE + 511 * page, 2 * page);
    assertEquals(BASE + 511 * page - 1, space.translate(BASE + 511 * page - 1, Access.READ));
    assertNotMapped(space, BASE + 511 * page);
    assertNotMapped(space, BASE + 513 * page - 1);
    assertEquals(BASE + 513 * page, space.translate(BASE + 513 * page, Access.READ));
  }

  @Test
  void aRangeCanBeMappedAgainAfterItWasUnmapped() {
    AddressSpace space = newAddressSpace();
    map(space, BASE, 4 * page, MappingAttributes.DATA);
    unmap(space, BASE, 4 * page);
    assertNotMapped(space, BASE);
    map(space, BASE + page, page, MappingAttributes.READ_ONLY);
    assertProtected(space, BASE + page, Access.WRITE);
    assertNotMapped(space, BASE);
    assertNotMapped(space, BASE + 2 * page);
  }

  @Test
  void changesMayCoverSeveralMappings() {
    AddressSpace space = newAddressSpace();
    for (int i = 0; i < 4; i++) {
      map(space, BASE + i * page, page, MappingAttributes.DATA);
    }
    protect(space, BASE, 4 * page, MappingAttributes.READ_ONLY);
    assertProtected(space, BASE + 3 * page, Access.WRITE);
    unmap(space, BASE + page, 3 * page);
    assertEquals(BASE, space.translate(BASE, Access.READ));
    assertNotMapped(space, BASE + page);
  }

  @Test
  void aRangeIsMappedOnceAndARefusalChangesNothing() {
    AddressSpace space = newAddressSpace();
    map(space, BASE + 2 * page, page, MappingAttributes.READ_ONLY);
    assertRefused(() -> map(space, BASE + 2 * page, page, MappingAttributes.DATA));
    assertRefused(() -> map(space, BASE, 4 * page, MappingAttributes.DATA));
    assertRefused(() -> map(space, BASE + page, 2 * page, MappingAttributes.DATA));
    assertNotMapped(space, BASE);
    assertNotMapped(space, BASE + page);
    assertNotMapped(space, BASE + 3 * page);
    assertProtected(space, BASE + 2 * page, Access.WRITE);
  }

  @Test
  void holesCannotBeUnmappedOrProtected() {
    AddressSpace space = newAddressSpace();
    map(space, BASE, page, MappingAttributes.DATA);
    map(space, BASE + 2 * page, page, MappingAttributes.DATA);
    assertRefused(() -> unmap(space, BASE, 3 * page));
    assertRefused(() -> unmap(space, BASE + 2 * page, 2 * page));
    assertRefused(() -> unmap(space, BASE + page, page));
    assertRefused(() -> protect(space, BASE, 3 * page, MappingAttributes.READ_ONLY));
    assertRefused(() -> protect(space, BASE + page, page, MappingAttributes.READ_ONLY));
    assertEquals(BASE, space.translate(BASE, Access.WRITE));
    assertEquals(BASE + 2 * page, space.translate(BASE + 2 * page, Access.WRITE));
  }

  @Test
  void rangesAreWholePages() {
    AddressSpace space = newAddressSpace();
    for (long length : new long[] {0, 1, page - 1, page + 1, -page, Long.MIN_VALUE}) {
      assertRefused(() -> map(space, BASE, length, MappingAttributes.DATA));
      assertRefused(() -> unmap(space, BASE, length));
      assertRefused(() -> protect(space, BASE, length, MappingAttributes.DATA));
    }
    assertRefused(() -> map(space, BASE + 1, page, MappingAttributes.DATA));
    assertRefused(() -> unmap(space, BASE + 8, page));
    assertRefused(() -> protect(space, BASE + page / 2, page, MappingAttributes.DATA));
    assertNotMapped(space, BASE);
  }

  @Test
  void aRangeMustNotWrap() {
    AddressSpace space = newAddressSpace();
    assertRefused(() -> map(space, BASE, Long.MAX_VALUE & -page, MappingAttributes.DATA));
    assertRefused(() -> unmap(space, -page, 2 * page));
  }

  @Test
  void aRangeOfManyPagesIsChangedInPartsAndAsAWhole() {
    AddressSpace space = newAddressSpace();
    long first = 0x20_0000;
    long length = 0xC0_0000;
    map(space, first, length, MappingAttributes.DATA);
    protect(space, first + page, length - 2 * page, MappingAttributes.READ_ONLY);
    assertEquals(first + page - 1, space.translate(first + page - 1, Access.WRITE));
    assertProtected(space, first + page, Access.WRITE);
    assertProtected(space, first + length - page - 1, Access.WRITE);
    assertEquals(first + length - 1, space.translate(first + length - 1, Access.WRITE));
    unmap(space, first, length);
    for (long address = first; address < first + length; address += page) {
      assertNotMapped(space, address);
    }
    map(space, first, length, MappingAttributes.CODE);
    assertEquals(first + length - 1, space.translate(first + length - 1, Access.EXECUTE));
  }

  @Test
  void theRootIsConstant() {
    AddressSpace space = newAddressSpace();
    long root = space.root();
    map(space, BASE, page, MappingAttributes.DATA);
    unmap(space, BASE, page);
    assertEquals(root, space.root());
  }

  private static void map(AddressSpace space, long start, long length, MappingAttributes how) {
    settle(space.map(new VirtualAddress(start), new PhysicalAddress(start), length, how));
  }

  private static void unmap(AddressSpace space, long start, long length) {
    settle(space.unmap(new VirtualAddress(start), length));
  }

  private static void protect(AddressSpace space, long start, long length, MappingAttributes how) {
    settle(space.protect(new VirtualAddress(start), length, how));
  }

  private static void settle(FlushToken token) {
    token.flush();
  }

  private static void assertNotMapped(AddressSpace space, long address) {
    for (Access access : Access.values()) {
      assertFault(FaultKind.NOT_MAPPED, space, address, access);
    }
  }

  private static void assertProtected(AddressSpace space, long address, Access access) {
    assertFault(FaultKind.PROTECTION, space, address, access);
  }

  private void assertNoExecution(AddressSpace space, long address) {
    if (canForbidExecution()) {
      assertProtected(space, address, Access.EXECUTE);
    } else {
      assertEquals(address, space.translate(address, Access.EXECUTE));
    }
  }

  private static void assertFault(FaultKind kind, AddressSpace space, long address, Access access) {
    long translation = space.translate(address, access);
    assertTrue(Translation.isFault(translation), () -> Long.toHexString(address));
    assertEquals(kind, Translation.faultKind(translation), () -> Long.toHexString(address));
  }

  /** The rule in words, the facts as name=value, no full stop. */
  private static void assertRefused(Executable misuse) {
    String message = assertThrows(IllegalArgumentException.class, misuse).getMessage();
    assertTrue(message.matches("[a-z].*: .*=.*0x[0-9a-f]+.*[^.]"), message);
  }
}
