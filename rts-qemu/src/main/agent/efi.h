/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the efi-rts authors */

/*
 * What the agent needs of UEFI 2.10: layouts of the system table (section 4.3), of the boot services
 * that it calls (4.4, chapter 7), and of the loaded image protocol (9.1). Members that are only
 * counted are arrays of words.
 */
#ifndef EFI_RTS_EFI_H
#define EFI_RTS_EFI_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

typedef u64 efi_status;
typedef void *efi_handle;

#define EFI_SUCCESS 0ULL
#define EFI_INVALID_PARAMETER 0x8000000000000002ULL

enum efi_allocate_type { ALLOCATE_ADDRESS = 2 };
enum efi_memory_type { EFI_RESERVED_MEMORY = 0 };

struct efi_guid {
  u32 a;
  u16 b, c;
  u8 d[8];
};

struct efi_table_header {
  u64 signature;
  u32 revision, header_size, crc32, reserved;
};

struct efi_boot_services {
  struct efi_table_header header;
  u64 task_priority[2];
  efi_status (*allocate_pages)(int type, int memory_type, u64 pages, u64 *address);
  u64 free_pages;
  efi_status (*get_memory_map)(u64 *size, void *map, u64 *key, u64 *descriptor_size, u32 *version);
  u64 pools[2];
  u64 events[6];
  u64 protocols[3];
  efi_status (*handle_protocol)(efi_handle handle, const struct efi_guid *protocol, void **interface);
  u64 handles[5];
  u64 images[4];
  efi_status (*exit_boot_services)(efi_handle image, u64 map_key);
};

struct efi_configuration_table {
  struct efi_guid guid;
  void *table;
};

struct efi_text_output {
  u64 reset;
  efi_status (*output_string)(struct efi_text_output *output, const u16 *text);
};

struct efi_system_table {
  struct efi_table_header header;
  void *firmware_vendor;
  u32 firmware_revision, padding;
  u64 input[2];
  efi_handle output_handle;
  struct efi_text_output *output;
  u64 error[2];
  void *runtime_services;
  struct efi_boot_services *boot_services;
  u64 table_count;
  struct efi_configuration_table *tables;
};

struct efi_loaded_image {
  u32 revision, padding;
  u64 origin[7];
  void *image_base;
  u64 image_size;
};

#endif
