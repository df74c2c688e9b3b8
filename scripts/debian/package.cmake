# What the Debian package holds and says of itself; scripts/package has CPack build it.
include(GNUInstallDirs)

set(shared share/photodrop)
set(units lib/systemd/system)
set(debian ${CMAKE_CURRENT_LIST_DIR})
set(written ${CMAKE_BINARY_DIR}/package) # by scripts/package

install(TARGETS photodrop photodrop-thumbnail DESTINATION lib/photodrop)
install(PROGRAMS ${debian}/photodrop DESTINATION bin)
install(PROGRAMS scripts/setup scripts/render-nginx scripts/make-certificate
        DESTINATION ${shared}/scripts)
install(FILES scripts/lib.sh scripts/lib-installed.sh scripts/lib-nginx.sh scripts/lib-site.sh
        DESTINATION ${shared}/scripts)
install(FILES systemd/grafana-dashboard.json DESTINATION ${shared})
install(DIRECTORY nginx DESTINATION ${shared} FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ
        WORLD_READ PATTERN nginx.conf.template EXCLUDE PATTERN viewer EXCLUDE)
install(DIRECTORY build/viewer/docs DESTINATION ${shared}/viewer)
install(FILES build/viewer/LICENSE build/viewer/NOTICE DESTINATION ${shared}/viewer)

install(FILES systemd/photodrop.socket systemd/photodrop-upload.socket
              systemd/photodrop-thumbnail.socket systemd/photodrop.service
              systemd/photodrop-reap.service systemd/photodrop-reap.timer DESTINATION ${units})
install(FILES systemd/sandbox.conf DESTINATION ${units}/photodrop.service.d)
install(FILES systemd/sandbox.conf DESTINATION ${units}/photodrop-reap.service.d)
install(FILES systemd/photodrop.sysusers DESTINATION lib/sysusers.d RENAME photodrop.conf)

install(FILES ${debian}/photodrop.env DESTINATION /etc/photodrop
        PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ)
install(DIRECTORY DESTINATION /etc/photodrop/secrets
        DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
install(DIRECTORY DESTINATION /var/lib/photodrop/acme)

install(FILES ${written}/photodrop.8.gz DESTINATION share/man/man8)
install(FILES ${written}/photodrop.env.5.gz DESTINATION share/man/man5)
install(FILES ${written}/changelog.gz README.md DESTINATION share/doc/photodrop)
install(FILES LICENSE DESTINATION share/doc/photodrop RENAME copyright)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME photodrop)
set(CPACK_PACKAGE_VERSION ${PHOTODROP_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "photo upload service behind nginx")
set(CPACK_PACKAGE_CONTACT "photodrop maintainers <maintainers@photodrop.example>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
    GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "nginx takes TLS, CORS and limits and passes uploads to FastCGI workers,\n\
which put photos into any S3-compatible store and record them in\n\
PostgreSQL. A photo that was acknowledged is stored, and a process that is\n\
killed in the middle leaves a row that says what to clean up.")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "curl, nginx, openssl, passwd, systemd (>= 250)")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS postgresql)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS certbot)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
file(WRITE ${written}/conffiles "/etc/photodrop/photodrop.env\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${written}/conffiles ${debian}/postinst ${debian}/prerm
    ${debian}/postrm)
include(CPack)
